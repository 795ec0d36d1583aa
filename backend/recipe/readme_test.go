package recipe

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// Every key of the form is explained in the reference.
func TestEveryKeyIsExplained(t *testing.T) {
	data, err := os.ReadFile("../../assets/recipes/README.md")
	if err != nil {
		t.Fatal(err)
	}
	explained := map[string]bool{}
	for _, code := range regexp.MustCompile("`[^`]+`|(?m)^    .*$").FindAllString(string(data), -1) {
		for _, word := range regexp.MustCompile(`[A-Za-z_]+`).FindAllString(code, -1) {
			explained[word] = true
		}
	}
	n := 0
	var walk func(reflect.Type)
	walk = func(typ reflect.Type) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice || typ.Kind() == reflect.Map {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct {
			return
		}
		for _, f := range reflect.VisibleFields(typ) {
			key := f.Tag.Get("toml")
			if key == "" {
				continue
			}
			n++
			if !explained[key] {
				t.Errorf("%s of %s is not explained", key, strings.TrimSuffix(typ.Name(), "Form"))
			}
			walk(f.Type)
		}
	}
	walk(reflect.TypeFor[form]())
	if n < 80 {
		t.Errorf("only %d keys were looked for", n)
	}
}
