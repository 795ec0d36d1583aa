package words

import (
	"errors"
	"strings"

	"easel/backend"
)

// Error says what happened in the person's language. What a check refused, and
// what else has a Word of the catalogue, is said in its words; of anything else
// the kind is said, and then the provider's own message as it came. The
// provider's name is not in it: where it is needed is known by who shows it.
func (w *Words) Error(e *backend.Error) string {
	if e == nil {
		return ""
	}
	if e.Word != "" && w.Has(e.Word) {
		args := make([]any, len(e.Args))
		for i, a := range e.Args {
			args[i] = backend.Clean(a)
		}
		return w.Say(e.Word, args...)
	}
	message := strings.TrimSpace(backend.Clean(e.Message))
	what, key := "", "errors."+string(e.Kind)
	if verdict(e) {
		key = "errors.failed"
	}
	// What was found here, before anything was sent, says it all itself.
	here := e.HTTP == 0 && (e.Kind == backend.Invalid || e.Kind == backend.Unauthorized)
	if w.Has(key) && !(here && message != "") {
		what = w.Say(key)
	}
	switch {
	case message == "" && what == "":
		return string(e.Kind)
	case message == "":
		return what
	case what == "" || strings.Contains(strings.ToLower(message), strings.ToLower(what)):
		return message
	}
	return w.Say("errors.said", what, message)
}

// Err is Error for an error of any kind: what is no *backend.Error says itself what
// it is.
func (w *Words) Err(err error) string {
	if e, ok := errors.AsType[*backend.Error](err); ok {
		return w.Error(e)
	}
	return backend.Clean(err.Error())
}

// Advice says what a person can do about an error of a provider, "" if nothing
// is known. hint is where the provider's key is looked for
// (backend.Provider.KeyHint), and may be empty.
func (w *Words) Advice(e *backend.Error, hint string) string {
	if e == nil {
		return ""
	}
	key := "errors." + string(e.Kind) + "_do"
	if verdict(e) {
		key = "errors.failed_do"
	}
	if e.Kind == backend.Unauthorized && hint != "" {
		return w.Say("errors.unauthorized_hint", hint)
	}
	if !w.Has(key) {
		return ""
	}
	return w.Say(key)
}

// verdict says whether an error is the provider's own "failed", for a reason of
// no kind that is known: the provider was reached, and no HTTP error told it.
// What goes wrong on the way to a provider has a Word.
func verdict(e *backend.Error) bool {
	return e.Kind == backend.Unavailable && e.HTTP == 0 && e.Word == "" && e.Message != ""
}
