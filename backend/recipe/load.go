package recipe

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"easel/assets"
	"easel/backend"
	"easel/backend/strict"
)

// Parse reads a recipe and checks all that can be checked, its examples too. The
// error joins a *strict.Error for each problem.
func Parse(file string, data []byte) (*Recipe, error) {
	l, err := load(file, data, true)
	if err != nil {
		return nil, err
	}
	return l.recipe, l.recipe.CheckExamples()
}

// Builtin gives the recipes that are part of the program, the demo's not among
// them.
func Builtin() ([]*Recipe, error) {
	var out []*Recipe
	var errs []error
	for _, name := range Names() {
		r, err := Embedded(name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		out = append(out, r)
	}
	return out, errors.Join(errs...)
}

// Embedded gives one recipe that is part of the program. Its examples, which
// come last in the file, are not read until CheckExamples: a start is quicker so.
func Embedded(name string) (*Recipe, error) {
	file := "recipes/" + name + ".toml"
	data, err := assets.Recipes.ReadFile(file)
	if err != nil {
		return nil, err
	}
	text := string(data)
	head, _, _ := strings.Cut(text, "\n[[example]]")
	l, err := load(file, []byte(head), false)
	if err != nil {
		return nil, err
	}
	l.recipe.text, l.recipe.form.Examples = text, nil
	return l.recipe, nil
}

// LoadDir reads every *.toml of a folder, in the order of the names. A folder
// that is not there holds none. A recipe that is wrong does not hide the others.
func LoadDir(dir string) ([]*Recipe, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	errs := []error{err}
	var out []*Recipe
	files := map[string]string{}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".toml") || strings.HasPrefix(e.Name(), ".") || e.IsDir() {
			continue
		}
		file := filepath.Join(dir, e.Name())
		data, err := os.ReadFile(file)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		r, err := Parse(file, data)
		if err == nil && files[r.Name] != "" {
			err = &strict.Error{File: file, Message: fmt.Sprintf("the name %q is also that of %s", r.Name, files[r.Name])}
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		files[r.Name] = file
		out = append(out, r)
	}
	return out, errors.Join(errs...)
}

// loader makes a Recipe of a form, and notes what is wrong with it.
type loader struct {
	form
	doc      *strict.Document
	full     bool // check also what cannot be wrong in a recipe that was tested
	problems []*strict.Error
	submits  []*request // every form of the submit: where options may stand
	recipe   *Recipe
}

func load(file string, data []byte, full bool) (*loader, error) {
	l := &loader{full: full}
	doc, err := strict.Read(file, data, &l.form)
	if doc == nil || err != nil && l.Recipe != 1 && l.Recipe != 0 {
		return nil, err
	}
	l.doc = doc
	l.recipe = &Recipe{file: file, form: &l.form, source: string(data)}
	l.who()
	l.steps()
	l.recipe.sold = l.models()
	for _, m := range l.recipe.sold {
		l.recipe.Models = append(l.recipe.Models, m.Model)
	}
	l.reading()
	if full {
		l.check()
	}
	return l, errors.Join(err, strict.Join(l.problems...))
}

func (l *loader) wrong(path []string, format string, args ...any) {
	e := l.doc.Errorf(path, format, args...)
	if !slices.ContainsFunc(l.problems, func(p *strict.Error) bool { return *p == *e }) {
		l.problems = append(l.problems, e)
	}
}

// at is a path in the file: names and indices.
func at(parts ...any) []string {
	path := make([]string, 0, len(parts)+2)
	for _, p := range parts {
		if i, ok := p.(int); ok {
			path = append(path, strict.Index(i))
		} else {
			path = append(path, p.(string))
		}
	}
	return path
}

// who reads what the recipe says of the provider itself.
func (l *loader) who() {
	r := l.recipe
	r.Name, r.Title, r.Docs, r.BaseURL, r.KeyEnv = l.Name, l.Title, l.Docs, strings.TrimRight(l.BaseURL, "/"), l.KeyEnv
	if l.Recipe != 1 {
		l.wrong(at("recipe"), "the first line must be recipe = 1: the version of the form that this easel knows, not %s", strconv.Itoa(l.Recipe))
	}
	if r.Name == "" || strings.Trim(r.Name, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		l.wrong(at("name"), "a recipe needs a name of small letters, digits, - and _")
	}
	if r.Title == "" {
		r.Title = r.Name
	}
	if r.BaseURL != "" {
		if _, err := baseURL(r.BaseURL); err != nil {
			l.wrong(at("base_url"), "base_url %v", err)
		}
	}
	if l.Parallel < 0 {
		l.wrong(at("parallel"), "parallel must be at least 1")
	}
	if l.PerSecond < 0 {
		l.wrong(at("per_second"), "per_second must be more than 0")
	}
	r.auth = "Authorization: Bearer {key}"
	if l.Auth != nil {
		r.auth = *l.Auth
	}
	if name, value, ok := strings.Cut(r.auth, ": "); r.auth != "" && (!ok || name == "" || !slices.Equal(names(value), []string{"key"})) {
		l.wrong(at("auth"), `auth must be a header with {key} in it, such as "Authorization: Bearer {key}", or "" for none`)
	}
	r.pace = backend.Pace{Grace: l.grace()}
	if p := l.form.Poll; p != nil {
		r.pace = backend.Pace{First: p.First, Every: p.Every, Max: p.Max, Grace: l.grace()}
	}
}
