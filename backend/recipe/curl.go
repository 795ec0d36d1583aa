package recipe

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"easel/backend"
)

// Curl gives the submit of a request as a command for a shell, with the key as a
// variable. Nothing is sent.
func (d *driver) Curl(m backend.Model, r backend.Request) (string, error) {
	variable := d.KeyEnv
	if variable == "" {
		variable = "KEY"
	}
	call, err := d.submitCall(m, r, "$"+variable)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "curl -X %s %s", call.Method, shell(call.URL))
	call.Header.Set("Accept", "application/json")
	if call.Stream {
		b.WriteString(" -N")
		call.Header.Set("Accept", "text/event-stream")
	}
	multipart := call.Body != nil && strings.HasPrefix(call.Body.Type, "multipart/")
	if call.Body != nil && !multipart {
		call.Header.Set("Content-Type", call.Body.Type)
	}
	for _, name := range slices.Sorted(maps.Keys(call.Header)) {
		b.WriteString(" \\\n  -H " + shellWith(name+": "+call.Header.Get(name), "$"+variable))
	}
	switch {
	case call.Body == nil:
	case multipart:
		return b.String() + d.curlForm(m, r), nil
	default:
		b.WriteString(" \\\n  -d ")
		for _, p := range call.Body.Parts {
			if p.File == "" {
				b.WriteString(shell(p.Text))
			} else {
				b.WriteString(`"$(base64 -w0 ` + shell(p.File) + `)"`)
			}
		}
	}
	return b.String(), nil
}

// curlForm gives the fields of a multipart body.
func (d *driver) curlForm(m backend.Model, r backend.Request) string {
	request, _, vars, err := d.prepare(m, r, "")
	if err != nil {
		return ""
	}
	filled, _ := request.body.fill(vars)
	f, ok := filled.(*fields)
	if !ok {
		return ""
	}
	var b strings.Builder
	for _, k := range f.keys {
		list, ok := f.of[k].([]any)
		if !ok {
			list = []any{f.of[k]}
		}
		for _, one := range list {
			if t, ok := one.(text); ok && t.file != "" {
				b.WriteString(" \\\n  -F " + shell(k+"=@"+t.parts[0].File+";type="+t.mime))
			} else if s, ok := scalar(one); ok {
				b.WriteString(" \\\n  --form-string " + shell(k+"="+s))
			}
		}
	}
	return b.String()
}

// shell quotes a text for a shell.
func shell(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// shellWith quotes a text in which a variable stays one.
func shellWith(s, variable string) string {
	before, after, found := strings.Cut(s, variable)
	if !found {
		return shell(s)
	}
	return `"` + doubled(before) + variable + doubled(after) + `"`
}

func doubled(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "`", "\\`").Replace(s)
}
