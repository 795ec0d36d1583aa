package recipe

import "testing"

func TestVariableIsWhatTheRecipeSays(t *testing.T) {
	names := Names()
	if len(names) < 5 {
		t.Fatalf("%v", names)
	}
	for _, name := range names {
		r, err := Embedded(name)
		if err != nil {
			t.Fatal(err)
		}
		if v := Variable(name); v != r.KeyEnv || v == "" {
			t.Errorf("%s: %q, but the recipe says %q", name, v, r.KeyEnv)
		}
		if r.Name != name {
			t.Errorf("%s calls itself %s", name, r.Name)
		}
	}
	if v := Variable(demo); v != "" {
		t.Errorf("the demo needs no key, but has %q", v)
	}
}
