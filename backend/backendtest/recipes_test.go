package backendtest_test

import (
	"context"
	"testing"

	"easel/backend"
	"easel/backend/backendtest"
	"easel/backend/recipe"
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
			return backendtest.Subject{Server: name, Open: func(o backendtest.Opening) (*backend.Provider, error) {
				return r.Provider(recipe.Options{
					Name: "mine", BaseURL: o.BaseURL, Client: o.Client,
					Key: func(context.Context) (string, error) { return o.Key, nil },
				})
			}}
		}
	}
	t.Fatalf("there is no recipe %s", name)
	return backendtest.Subject{}
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
