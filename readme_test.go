package main

import (
	"cmp"
	"os"
	"strings"
	"testing"

	"easel/backend/backendtest"
	"easel/backend/demo"
	"easel/backend/recipe"
	"easel/ui/keys"
	"easel/ui/words"
)

// TestReadme holds the parts of the README that are made of something else:
// UPDATE=1 go test -run Readme . writes them anew.
func TestReadme(t *testing.T) {
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for name, made := range map[string]string{"keys": keysTable(t), "words": wordsTable(), "providers": providersTable(t)} {
		begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->\n"
		before, rest, ok1 := strings.Cut(text, begin)
		shown, after, ok2 := strings.Cut(rest, end)
		if !ok1 || !ok2 {
			t.Fatalf("README.md has no place for %s", name)
		}
		if shown != made && os.Getenv("UPDATE") == "" {
			t.Errorf("README.md: the %s are not as they are (UPDATE=1 writes them anew):\n%s\nwant\n%s", name, shown, made)
		}
		text = before + begin + made + end + after
	}
	if os.Getenv("UPDATE") != "" && text != string(data) {
		if err := os.WriteFile("README.md", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func keysTable(t *testing.T) string {
	w, err := words.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	return keys.New(w.Say).Markdown()
}

func wordsTable() string {
	var b strings.Builder
	b.WriteString("| | | the task |\n|---|---|---|\n")
	for _, w := range demo.Words {
		b.WriteString("| `" + w.English + "` | `" + w.Chinese + "` | " + w.Effect + " |\n")
	}
	return b.String()
}

// providersTable names the five in the order of the documents.
func providersTable(t *testing.T) string {
	list, err := recipe.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("| | variable | base URL | documents |\n|---|---|---|---|\n")
	for _, name := range backendtest.Names() {
		for _, r := range list {
			if r.Name == name {
				b.WriteString("| `" + name + "`: " + r.Title + " | `" + r.KeyEnv + "` | " + cmp.Or(r.BaseURL, "yours") + " | " + r.Docs + " |\n")
			}
		}
	}
	return b.String()
}
