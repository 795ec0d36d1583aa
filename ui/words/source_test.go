package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const root = "../.."

// used is what the Go source of the program says of keys.
type used struct {
	keys     map[string]string // the key, and where it stands
	prefixes map[string]string // "studio.state." + something
	words    map[string]string // of errors: named by backend, taken by Error
	args     map[string]int    // of a word: how many arguments fill it
}

// aKey is what a key looks like: a subject, and at least one part more.
var aKey = regexp.MustCompile(`^[a-z]+(\.[a-z0-9_]+)+[._]?$`)

// scan reads the source. A literal counts as a key if its first part is a
// subject of the catalogue and it has the form of a key; one that ends with a
// dot or an underscore, or to which something is added, as the beginning of keys.
func scan(t *testing.T, subjects []string) used {
	u := used{map[string]string{}, map[string]string{}, map[string]string{}, map[string]int{}}
	files := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != ".." {
			return cmp(err, fs.SkipDir)
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		added := map[ast.Expr]bool{} // literals to which something is added
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BinaryExpr:
				if n.Op == token.ADD {
					added[n.X] = true
				}
			case *ast.CallExpr:
				u.call(n, files)
			case *ast.KeyValueExpr:
				if k, ok := n.Key.(*ast.Ident); ok && k.Name == "Word" {
					if s, ok := literal(n.Value); ok && aKey.MatchString(s) {
						u.words[s] = files.Position(n.Pos()).String()
					}
				}
			case *ast.BasicLit:
				u.literal(n, added[n], subjects, files)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(u.keys) < 100 || len(u.words) < 20 {
		t.Fatalf("only %d keys and %d words were found: the source is not read", len(u.keys), len(u.words))
	}
	return u
}

func cmp(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}

// call notes the words of functions that make an error with one: refuse(field,
// word, format, args…) and wrong(word, format, args…).
func (u used) call(c *ast.CallExpr, files *token.FileSet) {
	name, ok := c.Fun.(*ast.Ident)
	if !ok {
		return
	}
	at := map[string]int{"refuse": 1, "wrong": 0}
	i, ok := at[name.Name]
	if !ok || len(c.Args) < i+2 {
		return
	}
	if s, ok := literal(c.Args[i]); ok && aKey.MatchString(s) {
		u.words[s] = files.Position(c.Pos()).String()
		u.args[s] = len(c.Args) - i - 2
	}
}

func (u used) literal(l *ast.BasicLit, added bool, subjects []string, files *token.FileSet) {
	s, ok := literal(l)
	if !ok {
		return
	}
	subject, rest, ok := strings.Cut(s, ".")
	if !ok || !slices.Contains(subjects, subject) || rest != "" && !aKey.MatchString(s) {
		return
	}
	where := files.Position(l.Pos()).String()
	if added || rest == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "_") {
		u.prefixes[s] = where
	} else {
		u.keys[s] = where
	}
}

func subjects(w *Words) []string {
	seen := map[string]bool{}
	for k := range w.texts {
		s, _, _ := strings.Cut(k, ".")
		seen[s] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

func TestEveryKeyThatIsUsedIsThere(t *testing.T) {
	for _, lang := range Languages {
		w := load(t, lang)
		u := scan(t, subjects(w))
		for k, where := range u.keys {
			if !w.Has(k) {
				t.Errorf("%s has no %s: %s", lang, k, where)
			}
		}
		for p, where := range u.prefixes {
			if !slices.ContainsFunc(slices.Collect(maps.Keys(w.texts)), func(k string) bool { return strings.HasPrefix(k, p) }) {
				t.Errorf("%s has nothing that begins with %s: %s", lang, p, where)
			}
		}
		for k, where := range u.words {
			text, ok := w.texts[k]
			if !ok {
				t.Errorf("%s has no %s: %s", lang, k, where)
			}
			n, known := u.args[k]
			for _, p := range placeholders(text) {
				if known && p >= n {
					t.Errorf("%s: %s has {%d}, but %d arguments: %s", lang, k, p, n, where)
				}
			}
		}
	}
}

func TestEveryKeyThatIsThereIsUsed(t *testing.T) {
	w := load(t, Languages[0])
	u := scan(t, subjects(w))
	for k := range w.texts {
		if _, ok := u.keys[k]; ok {
			continue
		}
		if _, ok := u.words[k]; ok {
			continue
		}
		if base, one := strings.CutSuffix(k, ".one"); one && w.Has(base) {
			continue
		}
		if !slices.ContainsFunc(slices.Collect(maps.Keys(u.prefixes)), func(p string) bool { return p != "check." && strings.HasPrefix(k, p) }) {
			t.Errorf("nobody says %s", k)
		}
	}
}
