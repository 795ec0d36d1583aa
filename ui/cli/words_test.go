package cli

import (
	"go/scanner"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"easel/ui/words"
)

// begun are the keys whose end is known only when the program runs.
var begun = map[string][]string{
	"studio.state.": {"pending", "unsure", "queued", "running", "ready", "done", "failed", "canceled"},
	"cli.tasks_":    {"look", "adopt", "again", "lost", "stop", "resume"},
	"cli.config_":   {"path", "init", "check"},
	"cli.":          {"help", "completion"},
}

// keys are the keys of the catalogue that the code names, and main's.
func keys(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	var found []string
	for _, f := range append(files, "../../main.go") {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		var s scanner.Scanner
		set := token.NewFileSet()
		s.Init(set.AddFile(f, set.Base(), len(text)), text, nil, 0)
		for {
			_, tok, lit := s.Scan()
			if tok == token.EOF {
				break
			}
			if key, _ := strconv.Unquote(lit); tok == token.STRING && (strings.HasPrefix(key, "cli.") || begun[key] != nil) {
				ends, ok := begun[key]
				if !ok {
					ends = []string{""}
				}
				for _, end := range ends {
					found = append(found, key+end)
				}
			}
		}
	}
	return found
}

func TestEveryWordIsThere(t *testing.T) {
	used := keys(t)
	for _, lang := range words.Languages {
		w, err := words.Load(lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range used {
			if !w.Has(key) {
				t.Errorf("%s has no %s", lang, key)
			}
		}
		text, err := os.ReadFile("../../assets/locales/" + lang + "/cli.toml")
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^"?([a-z0-9_]+)`).FindAllSubmatch(text, -1) {
			if key := "cli." + string(m[1]); !slices.Contains(used, key) {
				t.Errorf("%s: nobody says %s", lang, key)
			}
		}
	}
}
