// Package account says which providers a person has and where their keys come
// from: a section [providers.NAME] of the config, or a variable that is set.
//
// How a provider is spoken to belongs to backend/recipe, which providers are
// known to backend/recipe and the person's own recipes. A key never leaves this
// package but through Account.Key.
package account

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"easel/backend"
	"easel/backend/recipe"
)

// Section is what the config says of one provider: [providers.NAME].
type Section struct {
	Recipe     string `toml:"recipe"`      // the recipe it follows; "": the one of its name
	BaseURL    string `toml:"base_url"`    // "": the recipe's
	Key        Secret `toml:"key"`         // the key itself
	KeyEnv     string `toml:"key_env"`     // a variable that holds it
	KeyCommand string `toml:"key_command"` // a command that prints it
}

// Secret is text that cannot be printed by accident.
type Secret string

// String hides the secret.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "(hidden)"
}

// GoString hides the secret from %#v.
func (s Secret) GoString() string { return s.String() }

// LogValue hides the secret from log/slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Config is what Open needs to find the accounts of a person.
type Config struct {
	File     string             // the config, as people see it in hints
	Sections map[string]Section // by name
	Order    []string           // the names in the file's order
	Known    []Known            // every recipe that may be followed, the demo's not among them
	Getenv   func(string) string
}

// Reserved is the name that no section may have: the embedded provider's.
const Reserved = "demo"

// Problem is a section that cannot be followed.
type Problem struct{ Name, Message string }

func (p *Problem) Error() string { return fmt.Sprintf("[providers.%s]: %s", p.Name, p.Message) }

// Open gives the accounts that are there: the sections in the file's order, then
// the recipes whose variable is set. What is wrong with a section is told as a
// *Problem, with a recipe as its own error; the other accounts are there all the
// same.
func Open(c Config) (accounts []*Account, problems []error) {
	add := func(name string, s Section, k Known) {
		r, err := k.Read()
		if err != nil {
			problems = append(problems, err)
			return
		}
		accounts = append(accounts, newAccount(name, s, r, c))
	}
	for _, name := range c.Order {
		s := c.Sections[name]
		what := s.judge(name)
		i := slices.IndexFunc(c.Known, func(k Known) bool { return k.Name == cmp.Or(s.Recipe, name) })
		switch {
		case what != "":
			problems = append(problems, &Problem{name, what})
		case i < 0:
			problems = append(problems, &Problem{name, unknown(cmp.Or(s.Recipe, name), s.Recipe == "", c.Known)})
		default:
			add(name, s, c.Known[i])
		}
	}
	for _, k := range c.Known {
		if _, there := c.Sections[k.Name]; !there && k.KeyEnv != "" && c.Getenv(k.KeyEnv) != "" {
			add(k.Name, Section{}, k)
		}
	}
	return accounts, problems
}

var (
	wordOnly = regexp.MustCompile(`^[\pL\pN_.-]+$`)
	variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// judge says what is wrong with a section, "" if nothing is. It repeats no
// value that may be a key in the wrong place.
func (s Section) judge(name string) string {
	switch {
	case name == Reserved:
		return "this name is the built-in demo's; choose another"
	case !wordOnly.MatchString(name):
		return "a name has letters, digits, dots, _ and - only"
	case s.KeyEnv != "" && !variable.MatchString(s.KeyEnv):
		return "key_env is the name of a variable; the key itself goes into key"
	case s.BaseURL != "":
		u, err := url.Parse(s.BaseURL)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			return fmt.Sprintf("base_url = %q is no http or https address", backend.Clean(s.BaseURL))
		}
		if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			return "base_url is an address without a user, a ? and a #"
		}
	}
	return ""
}

// Of is the account of a recipe that has no section and perhaps no key.
func Of(r *recipe.Recipe, file string, getenv func(string) string) *Account {
	return newAccount(r.Name, Section{}, r, Config{File: file, Getenv: getenv})
}

// Order is the names of the sections in the order of a config file; nil if the
// file cannot be read.
func Order(config []byte) []string {
	var all map[string]any
	meta, err := toml.Decode(string(config), &all)
	if err != nil {
		return nil
	}
	var names []string
	for _, k := range meta.Keys() {
		if len(k) > 1 && k[0] == "providers" && !slices.Contains(names, k[1]) {
			names = append(names, k[1])
		}
	}
	return names
}

func unknown(name string, byName bool, recipes []Known) string {
	names := make([]string, len(recipes))
	for i, r := range recipes {
		names[i] = r.Name
	}
	hint := ""
	if byName {
		hint = `; name one with recipe = "…"`
	}
	return fmt.Sprintf("there is no recipe %q%s (there are: %s)", backend.Clean(name), hint, strings.Join(names, " "))
}
