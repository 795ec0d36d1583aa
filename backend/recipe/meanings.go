package recipe

import (
	"maps"
	"slices"
	"strings"

	"easel/backend"
)

// reading makes the reader of the recipe's answers.
func (l *loader) reading() {
	r := &l.recipe.read
	r.answerForm, r.errors, r.keep = l.Answer, l.Errors, l.Submit.Keep
	r.polls = l.form.Poll != nil
	r.empty = r.polls && l.form.Poll.EmptyIsGone
	r.states = map[string]meaning{}
	add := func(key string, words []any, m meaning) {
		for _, w := range words {
			word, ok := scalar(w)
			lower := strings.ToLower(word)
			if old, twice := r.states[lower]; !ok || word == "" || twice && old != m {
				l.wrong(at("states", key), "the word %q is none, or there twice", word)
			}
			r.states[lower] = m
		}
	}
	add("queued", l.States.Queued, meaning{state: backend.Queued})
	add("running", l.States.Running, meaning{state: backend.Running})
	add("ready", l.States.Ready, meaning{state: backend.Ready})
	add("failed", l.States.Failed, meaning{state: backend.Failed})
	for kind, words := range l.States.kinds() {
		add(string(kind), words, meaning{backend.Failed, kind})
	}
	r.codes, r.status = map[string]backend.Kind{}, map[int]backend.Kind{}
	for kind, codes := range l.Errors.kinds() {
		for _, c := range codes {
			if n, ok := c.(int64); ok {
				if n < 200 || n > 599 {
					l.wrong(at("errors", string(kind)), "%d is no HTTP status; a code of the provider's is written as a text", n)
				}
				l.unique(kind, r.status[int(n)], c)
				r.status[int(n)] = kind
				continue
			}
			s, ok := c.(string)
			if !ok || s == "" {
				l.wrong(at("errors", string(kind)), "a code must be a text, or a number that is an HTTP status")
				continue
			}
			l.unique(kind, r.codes[strings.ToLower(s)], c)
			r.codes[strings.ToLower(s)] = kind
		}
	}
	r.ok = l.okays(at("errors", "ok"), "", l.Errors.OK)
}

func (l *loader) unique(kind, before backend.Kind, code any) {
	if before != "" && before != kind {
		l.wrong(at("errors", string(kind)), "%v is %s as well", code, before)
	}
}

// okays reads ok.code = [0]; a place with points in it may be written as such.
func (l *loader) okays(path []string, place string, table map[string]any) []okay {
	var out []okay
	for _, key := range slices.Sorted(maps.Keys(table)) {
		here, p := append(slices.Clone(path), key), strings.TrimPrefix(place+"."+key, ".")
		switch v := table[key].(type) {
		case map[string]any:
			out = append(out, l.okays(here, p, v)...)
		case []any:
			o := okay{place: p}
			for _, one := range v {
				s, _ := scalar(one)
				o.values = append(o.values, s)
			}
			out = append(out, o)
		default:
			l.wrong(here, "%s must be a list of the values that are fine", key)
		}
	}
	return out
}

// kinds gives the lists by kind.
func (k kindsForm) kinds() map[backend.Kind][]any {
	return map[backend.Kind][]any{
		backend.Invalid: k.Invalid, backend.Unauthorized: k.Unauthorized, backend.Unpaid: k.Unpaid, backend.Moderated: k.Moderated,
		backend.RateLimited: k.RateLimited, backend.Unavailable: k.Unavailable, backend.Gone: k.Gone, backend.Stopped: k.Stopped, backend.Timeout: k.Timeout,
	}
}
