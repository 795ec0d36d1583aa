package inspect

import (
	"bytes"
	"encoding/json"
	"strings"

	"easel/ui/parts"
)

// pretty lays JSON out, two spaces a level. What is no JSON, or was cut, stays
// as it is.
func pretty(text string) string {
	var b bytes.Buffer
	if json.Indent(&b, []byte(text), "", "  ") != nil {
		return text
	}
	return b.String()
}

// color draws a row of laid out JSON: names quietly, values as text. A row that
// goes on the one before it is all value.
func color(env parts.Env, row string, goesOn bool) string {
	t := env.Theme
	body := strings.TrimLeft(row, " ")
	if !goesOn && strings.HasPrefix(body, `"`) {
		if end := closing(body); end > 0 && strings.HasPrefix(body[end:], `:`) {
			at := len(row) - len(body) + end + 1
			return t.Quiet.Render(row[:at]) + t.Text.Render(row[at:])
		}
	}
	if strings.Trim(body, "{}[],") == "" {
		return t.Quiet.Render(row)
	}
	return t.Text.Render(row)
}

// closing gives the offset behind the string that s begins with; 0 if it has no
// end.
func closing(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return 0
}
