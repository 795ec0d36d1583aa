package account

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"easel/backend"
	"easel/backend/recipe"
)

var recipes = []Known{
	known(&recipe.Recipe{Name: "alpha", KeyEnv: "ALPHA_KEY", BaseURL: "https://alpha.example"}, nil),
	known(&recipe.Recipe{Name: "beta", KeyEnv: "BETA_KEY"}, nil),
	known(&recipe.Recipe{Name: "torn", KeyEnv: "TORN_KEY"}, errors.New("torn.toml:3: broken")),
}

func known(r *recipe.Recipe, err error) Known {
	return Known{r.Name, r.KeyEnv, func() (*recipe.Recipe, error) { return r, err }}
}

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for _, p := range pairs {
			if k, v, _ := strings.Cut(p, "="); k == name {
				return v
			}
		}
		return ""
	}
}

// one opens the only section of a config.
func one(t *testing.T, name string, s Section, pairs ...string) *Account {
	t.Helper()
	list, problems := Open(Config{File: "/c.toml", Sections: map[string]Section{name: s}, Order: []string{name}, Known: recipes, Getenv: env(pairs...)})
	if len(problems) > 0 {
		t.Fatal(problems[0])
	}
	return list[0]
}

func TestWhoIsThere(t *testing.T) {
	sections := map[string]Section{"night": {Recipe: "beta"}, "alpha": {}}
	list, problems := Open(Config{
		Sections: sections, Order: []string{"night", "alpha"}, Known: recipes,
		Getenv: env("BETA_KEY=b", "ALPHA_KEY=a"),
	})
	var names []string
	for _, a := range list {
		names = append(names, a.Name)
	}
	// The sections first, in the file's order; then beta, for its variable is set.
	if want := []string{"night", "alpha", "beta"}; !slices.Equal(names, want) || len(problems) > 0 {
		t.Errorf("%v %v, want %v", names, problems, want)
	}
	if list, _ := Open(Config{Known: recipes, Getenv: env("BETA_KEY=")}); len(list) != 0 {
		t.Errorf("an empty variable sets nothing up: %v", list[0].Name)
	}
}

func TestWhereTheKeyComesFrom(t *testing.T) {
	for _, c := range []struct {
		name    string
		section Section
		env     []string
		source  string
		key     string
	}{
		{"beta", Section{Key: " k \n", KeyEnv: "MINE", KeyCommand: "echo c"}, []string{"MINE=m", "BETA_KEY=b"}, "key", "k"},
		{"beta", Section{KeyEnv: "MINE", KeyCommand: "echo c"}, []string{"MINE=m", "BETA_KEY=b"}, "$MINE", "m"},
		{"beta", Section{KeyEnv: "MINE", KeyCommand: "echo c"}, []string{"BETA_KEY=b"}, "$BETA_KEY", "b"},
		{"beta", Section{KeyCommand: "echo c"}, []string{"BETA_KEY=b"}, "$BETA_KEY", "b"},
		{"beta", Section{KeyCommand: "echo ' c '"}, nil, "key_command", "c"},
		{"beta", Section{Key: "  "}, []string{"BETA_KEY=b"}, "$BETA_KEY", "b"},
		{"beta", Section{}, []string{"BETA_KEY=  "}, "", ""},
		// A second account takes the recipe's variable only if it names nothing of
		// its own: the key belongs to the first.
		{"night", Section{Recipe: "beta"}, []string{"BETA_KEY=b"}, "$BETA_KEY", "b"},
		{"night", Section{Recipe: "beta", KeyEnv: "NIGHT"}, []string{"BETA_KEY=b"}, "", ""},
		{"night", Section{Recipe: "beta", KeyCommand: "echo n"}, []string{"BETA_KEY=b"}, "key_command", "n"},
	} {
		a := one(t, c.name, c.section, c.env...)
		key, err := a.Key(context.Background())
		if a.Source() != c.source || key != c.key || err != nil {
			t.Errorf("%s %#v %v: %q from %q, %v; want %q from %q", c.name, c.section, c.env, key, a.Source(), err, c.key, c.source)
		}
	}
}

func TestHintNamesEveryPlace(t *testing.T) {
	hint := one(t, "beta", Section{KeyEnv: "MINE"}).Hint()
	for _, want := range []string{"$MINE", "$BETA_KEY", "[providers.beta]", "/c.toml"} {
		if !strings.Contains(hint, want) {
			t.Errorf("%q does not name %s", hint, want)
		}
	}
}

func TestCommandRunsOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "runs")
	a := one(t, "beta", Section{KeyCommand: "echo x >>" + file + "; echo secret"})
	for range 3 {
		if key, err := a.Key(context.Background()); key != "secret" || err != nil {
			t.Fatal(key, err)
		}
	}
	if b, _ := os.ReadFile(file); string(b) != "x\n" {
		t.Errorf("it ran %d times", len(b)/2)
	}
}

func TestCommandThatFails(t *testing.T) {
	for line, want := range map[string]string{
		"echo secret; echo locked >&2; exit 3": "exit status 3: locked",
		"true":                                 "printed nothing",
		"test -t 0 || echo no terminal >&2; read x || exit 1": "no terminal",
		"printf 'a\\033[31mb'":                                "characters that no key has",
	} {
		_, err := one(t, "beta", Section{KeyCommand: line}).Key(context.Background())
		if backend.KindOf(err) != backend.Unauthorized || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
	}
}

func TestCommandThatHangs(t *testing.T) {
	begun := time.Now()
	_, err := runCommand(context.Background(), "sleep 60 & sleep 60", 50*time.Millisecond)
	if err == nil || !strings.Contains(err.Error(), "no answer within 50ms") {
		t.Errorf("%v", err)
	}
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("it took %v to give up", took)
	}
}

func TestSectionsThatAreWrong(t *testing.T) {
	for _, c := range []struct {
		name    string
		section Section
		want    string
	}{
		{"demo", Section{}, "built-in"},
		{"gamma", Section{}, `there is no recipe "gamma"; name one`},
		{"night", Section{Recipe: "gamma"}, "there are: alpha beta torn"},
		{"torn", Section{}, "torn.toml:3: broken"},
		{"beta", Section{BaseURL: "api.example.com"}, "no http or https address"},
		{"beta", Section{BaseURL: "https://u:p@api.example.com"}, "without a user"},
		{"beta", Section{KeyEnv: "sk-secret"}, "the key itself goes into key"},
		{"be ta", Section{Recipe: "beta"}, "a name has"},
	} {
		list, problems := Open(Config{Sections: map[string]Section{c.name: c.section}, Order: []string{c.name}, Known: recipes, Getenv: env()})
		if len(list) != 0 || len(problems) != 1 || !strings.Contains(problems[0].Error(), c.want) || strings.Contains(problems[0].Error(), "secret") {
			t.Errorf("%s %#v: %v, want %s", c.name, c.section, problems, c.want)
		}
	}
}

func TestSecretsDoNotPrint(t *testing.T) {
	s := Section{Key: "sk-secret"}
	for _, text := range []string{fmt.Sprint(s), fmt.Sprintf("%+v", s), fmt.Sprintf("%#v", s), s.Key.String(), s.Key.LogValue().String()} {
		if strings.Contains(text, "sk-secret") {
			t.Error(text)
		}
	}
}

func TestOrder(t *testing.T) {
	got := Order([]byte("provider = 'b'\n[providers.b]\nkey = 'x'\n[providers.a]\n[providers.b2]\nkey_env = 'X'\n"))
	if want := []string{"b", "a", "b2"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestShelf(t *testing.T) {
	builtIn := recipe.Names()
	if len(builtIn) == 0 {
		t.Fatal("no recipe is built in")
	}
	own := []*recipe.Recipe{{Name: "mine", KeyEnv: "MINE"}, {Name: builtIn[0], KeyEnv: "OTHER"}}
	list := Shelf(own)
	if want := len(builtIn) + 1; len(list) != want {
		t.Fatalf("%d recipes, want %d: one of them is replaced", len(list), want)
	}
	for i, r := range own {
		if got, err := list[i].Read(); got != r || err != nil || list[i].KeyEnv != r.KeyEnv {
			t.Errorf("%s: %v %v", r.Name, got, err)
		}
	}
	if r, err := list[2].Read(); err != nil || r.Name != builtIn[1] || r.KeyEnv != list[2].KeyEnv {
		t.Errorf("%s: %v %v", builtIn[1], r, err)
	}
}
