package account

import (
	"slices"

	"easel/backend/recipe"
)

// Known is a recipe that is read only when somebody follows it: a start is
// quicker so.
type Known struct {
	Name, KeyEnv string
	Read         func() (*recipe.Recipe, error)
}

// Shelf gives every recipe that may be followed: the person's own, and those
// built in that they do not replace.
func Shelf(own []*recipe.Recipe) []Known {
	var list []Known
	for _, r := range own {
		list = append(list, Known{r.Name, r.KeyEnv, func() (*recipe.Recipe, error) { return r, nil }})
	}
	for _, name := range recipe.Names() {
		if !slices.ContainsFunc(own, func(r *recipe.Recipe) bool { return r.Name == name }) {
			list = append(list, Known{name, recipe.Variable(name), func() (*recipe.Recipe, error) { return recipe.Embedded(name) }})
		}
	}
	return list
}
