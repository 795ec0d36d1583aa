package recipe

import (
	"strconv"
	"strings"

	"easel/assets"
)

// demo is the embedded recipe that is not a person's to follow.
const demo = "demo"

// Names gives the names of the recipes that are part of the program, the demo's
// not among them.
func Names() []string {
	entries, err := assets.Recipes.ReadDir("recipes")
	if err != nil {
		return nil // it is embedded: this cannot be
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".toml"); ok && name != demo {
			names = append(names, name)
		}
	}
	return names
}

// Variable gives the key_env of a recipe that is part of the program, without
// reading more of it than its head: whether a provider is there is asked at
// every start, and most are not.
func Variable(name string) string {
	data, err := assets.Recipes.ReadFile("recipes/" + name + ".toml")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "[") {
			break
		}
		key, value, _ := strings.Cut(line, "=")
		if strings.TrimSpace(key) != "key_env" {
			continue
		}
		if quoted, err := strconv.QuotedPrefix(strings.TrimSpace(value)); err == nil {
			value, _ = strconv.Unquote(quoted)
			return value
		}
	}
	return ""
}
