// Package words says everything that the screen says, in the person's language.
// The texts are in assets/locales, one file a subject: the file's name is the
// first part of a key ("check.size.edge" is size.edge in check.toml). What is
// to be said, and when, is decided elsewhere.
package words

import (
	"fmt"
	"strconv"
	"strings"

	"easel/assets"
)

// Languages are those that easel speaks; the first is the default.
var Languages = []string{"en", "zh-CN"}

// Words is a catalogue in one language. It is read only once it is loaded, and
// may be used from any goroutine.
type Words struct {
	lang  string
	texts map[string]string
}

// Load reads a catalogue: "en" or "zh-CN".
func Load(lang string) (*Words, error) {
	dir := "locales/" + lang
	files, err := assets.Locales.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("no words for the language %q", lang)
	}
	w := &Words{lang: lang, texts: make(map[string]string, 1024)}
	for _, f := range files {
		subject, ok := strings.CutSuffix(f.Name(), ".toml")
		if !ok {
			continue
		}
		text, err := assets.Locales.ReadFile(dir + "/" + f.Name())
		if err != nil {
			return nil, err
		}
		if err := read(string(text), subject, w.texts); err != nil {
			return nil, fmt.Errorf("%s/%s: %w", lang, f.Name(), err)
		}
	}
	return w, nil
}

// Choose gives the language for a setting: itself if it is one of Languages,
// else ("auto", "") the one of the locale: LC_ALL, LC_MESSAGES, LANG, the first
// that is set. Every kind of Chinese gets zh-CN, everything else en.
func Choose(setting string, getenv func(string) string) string {
	for _, l := range Languages {
		if setting == l {
			return l
		}
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := strings.ToLower(getenv(name)); v != "" {
			if strings.HasPrefix(v, "zh") {
				return "zh-CN"
			}
			break
		}
	}
	return Languages[0]
}

// Language is the language of the catalogue, as in Languages.
func (w *Words) Language() string { return w.lang }

// Has says whether there is a text for a key.
func (w *Words) Has(key string) bool {
	_, ok := w.texts[key]
	return ok
}

// Say gives the text of a key, with {0}, {1} … replaced by args. If the first
// argument is the int 1 and the catalogue has the key with ".one" behind it,
// that is taken. A key that is not there is given back as it is; a test finds
// those.
func (w *Words) Say(key string, args ...any) string {
	text, ok := w.texts[key]
	if len(args) > 0 && args[0] == 1 {
		if one, found := w.texts[key+".one"]; found {
			text, ok = one, true
		}
	}
	if !ok {
		return key
	}
	if len(args) == 0 || strings.IndexByte(text, '{') < 0 {
		return text
	}
	return fill(text, args)
}

func fill(text string, args []any) string {
	var b strings.Builder
	b.Grow(len(text) + 32)
	for {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			break
		}
		n, width := placeholder(text[open:])
		if width == 0 || n >= len(args) {
			b.WriteString(text[:open+1])
			text = text[open+1:]
			continue
		}
		b.WriteString(text[:open])
		switch a := args[n].(type) {
		case string:
			b.WriteString(a)
		case int:
			b.WriteString(strconv.Itoa(a))
		default:
			fmt.Fprint(&b, a)
		}
		text = text[open+width:]
	}
	b.WriteString(text)
	return b.String()
}

// placeholder reads the "{7}" that s begins with; width is 0 if it is none.
func placeholder(s string) (n, width int) {
	if len(s) >= 3 && s[0] == '{' && s[1] >= '0' && s[1] <= '9' && s[2] == '}' {
		return int(s[1] - '0'), 3
	}
	return 0, 0
}
