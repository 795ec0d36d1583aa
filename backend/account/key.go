package account

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"unicode"

	"easel/backend"
	"easel/backend/recipe"
)

// Account is a provider that is there, with the way to its key.
type Account struct {
	Name    string
	Section Section
	Recipe  *recipe.Recipe

	file   string
	getenv func(string) string

	mu  sync.Mutex
	key string // what key_command printed
}

func newAccount(name string, s Section, r *recipe.Recipe, c Config) *Account {
	return &Account{Name: name, Section: s, Recipe: r, file: c.File, getenv: c.Getenv}
}

// BaseURL is where requests go; "" if neither the config nor the recipe names it.
func (a *Account) BaseURL() string { return cmp.Or(a.Section.BaseURL, a.Recipe.BaseURL) }

// Provider makes the provider of the account.
func (a *Account) Provider(client *http.Client, agent string) (*backend.Provider, error) {
	return a.Recipe.Provider(recipe.Options{
		Name: a.Name, BaseURL: a.BaseURL(), Key: a.Key, KeyHint: a.Hint(),
		Client: client, UserAgent: agent,
	})
}

// variables are the names of the variables that may hold the key. The recipe's
// own is the key of the account that bears the recipe's name: another account
// that names a source of its own never falls back on it, so that a key is not
// sent to somebody else's address.
func (a *Account) variables() []string {
	var names []string
	if a.Section.KeyEnv != "" {
		names = append(names, a.Section.KeyEnv)
	}
	own := a.Section.Key != "" || a.Section.KeyEnv != "" || a.Section.KeyCommand != ""
	if v := a.Recipe.KeyEnv; v != "" && v != a.Section.KeyEnv && (!own || a.Name == a.Recipe.Name) {
		names = append(names, v)
	}
	return names
}

// Source says where the key comes from, without running anything: `key`,
// "$UNIALL_API_KEY", "key_command"; "" if there is none.
func (a *Account) Source() string {
	if strings.TrimSpace(string(a.Section.Key)) != "" {
		return "key"
	}
	for _, v := range a.variables() {
		if strings.TrimSpace(a.getenv(v)) != "" {
			return "$" + v
		}
	}
	if strings.TrimSpace(a.Section.KeyCommand) != "" {
		return "key_command"
	}
	return ""
}

// Hint says where the key is looked for, in words that need no translation.
func (a *Account) Hint() string {
	var places []string
	for _, v := range a.variables() {
		places = append(places, "$"+v)
	}
	return strings.Join(append(places, fmt.Sprintf("key | key_env | key_command: [providers.%s] %s", a.Name, a.file)), ", ")
}

// Key gives the key: what key says, else the variable that key_env names, else
// the recipe's variable, else what key_command prints. It is "" if there is
// none. The error is of kind Unauthorized and holds no key. A command that
// worked is not run again.
func (a *Account) Key(ctx context.Context) (string, error) {
	switch source := a.Source(); source {
	case "":
		return "", nil
	case "key":
		return a.tidy(string(a.Section.Key), source)
	case "key_command":
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.key != "" {
			return a.key, nil
		}
		out, err := runCommand(ctx, a.Section.KeyCommand, commandTime)
		if err != nil {
			return "", a.refuse("key_command: " + err.Error())
		}
		key, err := a.tidy(out, source)
		if err == nil && key == "" {
			err = a.refuse("key_command printed nothing")
		}
		a.key = key
		return key, err
	default:
		return a.tidy(a.getenv(source[1:]), source)
	}
}

// tidy trims a key, and refuses what cannot stand in a header.
func (a *Account) tidy(key, source string) (string, error) {
	key = strings.TrimSpace(key)
	if strings.ContainsFunc(key, func(r rune) bool { return r > unicode.MaxASCII || unicode.IsControl(r) }) {
		return "", a.refuse("the key (from " + source + ") has characters that no key has")
	}
	return key, nil
}

func (a *Account) refuse(message string) error {
	return &backend.Error{
		Provider: a.Name, Kind: backend.Unauthorized, Fate: backend.Unsent,
		Message: backend.Clean(message),
	}
}
