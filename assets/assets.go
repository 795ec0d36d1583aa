// Package assets holds what is embedded and is not code: the recipes of the
// built-in providers and the words of the screen. Nothing is decided here.
package assets

import "embed"

// Locales has the words: locales/LANGUAGE/SUBJECT.toml.
//
//go:embed locales/*/*.toml
var Locales embed.FS

// Recipes has the recipes that are part of the program: recipes/NAME.toml.
//
//go:embed recipes/*.toml
var Recipes embed.FS
