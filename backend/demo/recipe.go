package demo

import "easel/backend/recipe"

// Recipe is how a client speaks to the demo: assets/recipes/demo.toml. Its base
// URL is that of a Server that was started.
func Recipe() (*recipe.Recipe, error) { return recipe.Embedded("demo") }
