// Package recipe is a driver that follows a recipe: a TOML file that describes
// a provider, from what may be asked to how its answers are read. The form is
// described in assets/recipes/README.md.
//
// A fact about one provider belongs into its recipe, never here; what all HTTP
// has in common belongs into backend/wire.
package recipe

import (
	"context"
	"errors"
	"net/http"

	"easel/backend"
)

// Recipe is a description of a provider that was read and found whole.
type Recipe struct {
	Name    string // as in the config
	Title   string
	Docs    string // where its documents are
	BaseURL string // "" if the person must name it
	KeyEnv  string // the variable that may hold the key
	Models  []backend.Model
}

// Options are what a Recipe does not know of a provider.
type Options struct {
	Name    string // as in the config; "": the recipe's
	BaseURL string // "": the recipe's
	// Key gives the key: "" if there is none. It may take its time; it is called
	// for every request.
	Key     func(context.Context) (string, error)
	KeyHint string // where the key is looked for
	// Client is nil but for tests: its Transport carries every request.
	Client    *http.Client
	UserAgent string // "easel/1.2.3"
	Local     bool   // the demo: its address is not part of a task
}

// Parse reads a recipe. The error joins a *strict.Error for each problem.
func Parse(file string, data []byte) (*Recipe, error) { return nil, errors.New("not yet") }

// Builtin gives the recipes that are part of the program, the demo's not among
// them.
func Builtin() ([]*Recipe, error) { return nil, nil }

// LoadDir reads every *.toml of a folder, in the order of the names. A folder
// that is not there holds none. A recipe that is wrong does not hide the others.
func LoadDir(dir string) ([]*Recipe, error) { return nil, nil }

// CheckExamples holds the recipe's examples to what it reads in them.
func (r *Recipe) CheckExamples() error { return nil }

// Provider makes the provider that the recipe describes.
func (r *Recipe) Provider(o Options) (*backend.Provider, error) { return nil, errors.New("not yet") }
