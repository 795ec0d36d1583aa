package recipe

import (
	"os"
	"path/filepath"
	"testing"
)

// others are recipes of providers that are not built in: what the form must be
// able to say.
const others = "../../testdata/recipes"

func TestEveryRecipeIsWhole(t *testing.T) {
	files, err := filepath.Glob(others + "/*.toml")
	if err != nil || len(files) < 8 {
		t.Fatalf("%d recipes, %v", len(files), err)
	}
	for _, name := range append(Names(), demo) {
		files = append(files, "../../assets/recipes/"+name+".toml")
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Parse(filepath.Base(file), data)
		if err != nil {
			t.Error(err)
			continue
		}
		if r.Name+".toml" != filepath.Base(file) || len(r.form.Examples) == 0 {
			t.Errorf("%s calls itself %s, with %d examples", file, r.Name, len(r.form.Examples))
		}
	}
}
