package demo

import (
	"fmt"

	"easel/assets"
	"easel/backend/recipe"
)

// Recipe is how a client speaks to the demo. Its base URL is that of a Server
// that was started.
func Recipe() (*recipe.Recipe, error) {
	const file = "recipes/demo.toml"
	data, err := assets.Recipes.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("the demo's recipe: %w", err)
	}
	return recipe.Parse(file, data)
}
