package backendtest_test

import (
	"context"
	"flag"
	"os"
	"testing"

	"easel/backend"
	"easel/backend/backendtest"
	"easel/backend/recipe"
)

// A person's own recipe is held to the same:
//
//	go test ./backend/backendtest -run TestOwnRecipe -recipe /path/night.toml -server uniall
var (
	own   = flag.String("recipe", "", "the file of a recipe for TestOwnRecipe")
	speak = flag.String("server", "", "whose protocol it speaks: haoee, grsai, uniall, acedata or defapi")
)

// subject is a built-in recipe before the server of its provider.
func subject(t *testing.T, name string) backendtest.Subject {
	t.Helper()
	all, err := recipe.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if r.Name == name {
			return follow(r, name)
		}
	}
	t.Fatalf("there is no recipe %s", name)
	return backendtest.Subject{}
}

func follow(r *recipe.Recipe, server string) backendtest.Subject {
	return backendtest.Subject{Server: server, Open: func(o backendtest.Opening) (*backend.Provider, error) {
		return r.Provider(recipe.Options{
			Name: "mine", BaseURL: o.BaseURL, Client: o.Client,
			Key: func(context.Context) (string, error) { return o.Key, nil },
		})
	}}
}

func TestRecipes(t *testing.T) {
	for _, name := range backendtest.Names() {
		t.Run(name, func(t *testing.T) { backendtest.Run(t, subject(t, name)) })
	}
}

func TestRecipesOfferAllThatIsDocumented(t *testing.T) {
	for _, name := range backendtest.Names() {
		t.Run(name, func(t *testing.T) { backendtest.Complete(t, subject(t, name)) })
	}
}

func TestOwnRecipe(t *testing.T) {
	if *own == "" {
		t.Skip("no -recipe")
	}
	text, err := os.ReadFile(*own)
	if err != nil {
		t.Fatal(err)
	}
	r, err := recipe.Parse(*own, text)
	if err != nil {
		t.Fatal(err)
	}
	backendtest.Run(t, follow(r, *speak))
}
