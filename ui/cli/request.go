package cli

import (
	"cmp"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"easel/backend"
)

// asked is what the flags of generate say. A flag that was given counts, also
// when it says 0 or nothing.
type asked struct {
	provider, model, ratio, size string
	quality, format, out         string
	count                        int
	options, refs                []string
	timeout                      time.Duration
	noWait, json                 bool

	given func(flag string) bool
}

// The options that have a flag of their own.
var flagged = []string{"quality", "format"}

func (p *Program) askedFlags(cmd *cobra.Command) *asked {
	a := &asked{given: cmd.Flags().Changed}
	f := cmd.Flags()
	say := p.Words.Say
	f.StringVar(&a.provider, "provider", "", say("cli.flag_provider"))
	f.StringVar(&a.model, "model", "", say("cli.flag_model"))
	f.StringVar(&a.ratio, "ratio", "", say("cli.flag_ratio"))
	f.StringVar(&a.size, "size", "", say("cli.flag_size"))
	f.IntVar(&a.count, "count", 1, say("cli.flag_count"))
	f.StringVar(&a.quality, "quality", "", say("cli.flag_quality"))
	f.StringVar(&a.format, "format", "", say("cli.flag_format"))
	f.StringArrayVar(&a.options, "option", nil, say("cli.flag_option"))
	f.StringArrayVar(&a.refs, "ref", nil, say("cli.flag_ref"))
	f.StringVar(&a.out, "out", "", say("cli.flag_out"))
	f.DurationVar(&a.timeout, "timeout", 15*time.Minute, say("cli.flag_timeout"))
	f.BoolVar(&a.noWait, "no-wait", false, say("cli.flag_no_wait"))
	f.BoolVar(&a.json, "json", false, say("cli.flag_json"))
	return a
}

// pick finds the provider that is asked for among those that are there.
func (p *Program) pick(list []*backend.Provider, a *asked) (*backend.Provider, error) {
	name := p.Default()
	if a.given("provider") {
		name = a.provider
	}
	i := slices.IndexFunc(list, func(x *backend.Provider) bool { return x.Name == name })
	if i >= 0 {
		return list[i], nil
	}
	names := make([]string, len(list))
	for i, x := range list {
		names[i] = x.Name
	}
	there := strings.Join(names, " ")
	if known, err := p.Known(name); err == nil && known != nil {
		return nil, fail(NoAccess, errors.New(p.Words.Say("cli.provider_no_key", name, known.KeyHint, there)))
	}
	return nil, p.wrong("cli.provider_unknown", backend.Clean(name), there)
}

// standardIsThere says what generate without --provider would: that the provider
// which the config names is none, or is not set up.
func (p *Program) standardIsThere() error {
	list, err := p.Providers()
	if err == nil {
		_, err = p.pick(list, &asked{given: func(string) bool { return false }})
	}
	return err
}

// request makes the request that the flags ask for and judges it; the error is
// a *backend.Error of kind Invalid that names the field.
func (a *asked) request(provider *backend.Provider, prompt string) (backend.Request, error) {
	r := backend.Request{Provider: provider.Name, Prompt: prompt, Model: a.model}
	if !a.given("model") && len(provider.Models) > 0 {
		r.Model = provider.Models[0].ID
	}
	m, ok := provider.Model(r.Model)
	if !ok {
		return r, provider.Check(r)
	}
	if err := a.has(m); err != nil {
		return r, named(provider, err)
	}
	r.Ratio, r.Size = a.ratio, a.size
	if err := a.fillOptions(m, &r); err != nil {
		return r, named(provider, err)
	}
	r = m.Fill(r)
	if a.given("count") {
		r.Count = a.count
	}
	for _, ref := range a.refs {
		found, err := reference(ref)
		if err != nil {
			return r, named(provider, err)
		}
		r.References = append(r.References, found)
	}
	return r, provider.Check(r)
}

// has refuses a flag that was given and that the model does not have, and one
// that says nothing: Fill would take that for a flag that was not given.
func (a *asked) has(m backend.Model) error {
	switch {
	case a.given("ratio") && !m.HasRatio():
		return refuse(backend.FieldRatio, "check.ratio.none", m.ID+" takes no ratio", m.ID)
	case a.given("ratio") && a.ratio == "":
		allowed := strings.Join(m.Ratios, " ")
		return refuse(backend.FieldRatio, "check.ratio.values", `"" is not sold by `+m.ID+"; allowed: "+allowed, "", m.ID, allowed)
	case a.given("size") && !m.HasSize():
		return refuse(backend.FieldSize, "check.size.none", m.ID+" takes no size", m.ID)
	case a.given("size") && a.size == "":
		allowed := cmp.Or(sizes(m, a.ratio), everySize(m))
		return refuse(backend.FieldSize, "check.size.values", `"" is not sold by `+m.ID+"; allowed: "+allowed, "", m.ID, allowed)
	case a.given("size") && !a.given("ratio") && m.FreeSize == nil && len(m.RatiosOf(a.size)) == 0 && len(m.SizesFor) > 0:
		allowed := everySize(m)
		return refuse(backend.FieldSize, "check.size.values", a.size+" is not sold by "+m.ID+"; allowed: "+allowed, a.size, m.ID, allowed)
	case a.given("count") && !m.HasCount():
		return refuse(backend.FieldCount, "check.count.one", m.ID+" makes one picture at a time", m.ID)
	}
	return nil
}

// fillOptions puts the options into r under their names. Check judges them.
func (a *asked) fillOptions(m backend.Model, r *backend.Request) error {
	r.Options = map[string]string{}
	set := func(name, value string) error {
		if o, ok := m.Option(name); ok {
			name = o.Name
		}
		if _, twice := r.Options[name]; twice {
			return refuse(name, "cli.option_twice", "given twice")
		}
		r.Options[name] = value
		return nil
	}
	for i, value := range []string{a.quality, a.format} {
		if !a.given(flagged[i]) {
			continue
		}
		if err := set(flagged[i], value); err != nil {
			return err
		}
	}
	for _, pair := range a.options {
		name, value, ok := strings.Cut(pair, "=")
		if name = strings.TrimSpace(name); !ok || name == "" {
			return refuse("option", "cli.option_form", strconv.Quote(backend.Clean(pair))+" is not NAME=VALUE", backend.Clean(pair))
		}
		if err := set(name, value); err != nil {
			return err
		}
	}
	return nil
}

// reference reads a --ref: an address, or a local file, which is looked at.
func reference(ref string) (backend.Reference, error) {
	if strings.Contains(ref, "://") || ref == "" {
		return backend.Reference{URL: ref}, nil // Check judges it
	}
	return backend.LookAt(backend.Reference{Path: ref})
}

// outFolder makes --out absolute.
func (p *Program) outFolder(a *asked) (string, error) {
	if !a.given("out") {
		return "", nil
	}
	if a.out == "" {
		return "", p.wrong("cli.out_empty")
	}
	dir, err := filepath.Abs(a.out)
	if err != nil {
		return "", fail(Wrong, err)
	}
	return dir, nil
}

// named says whose model refused.
func named(provider *backend.Provider, err error) error {
	if e, ok := errors.AsType[*backend.Error](err); ok {
		c := *e
		c.Provider = provider.Name
		return &c
	}
	return err
}

// refuse makes the error of a check, as backend does.
func refuse(field, word, message string, args ...string) error {
	return &backend.Error{
		Op: backend.OpCheck, Kind: backend.Invalid, Fate: backend.Unsent,
		Field: field, Word: word, Args: args, Message: message,
	}
}

func sizes(m backend.Model, ratio string) string {
	var out []string
	for _, s := range m.SizesOf(ratio) {
		out = append(out, s.Value)
	}
	return strings.Join(out, " ")
}

// everySize lists the sizes of every ratio.
func everySize(m backend.Model) string {
	var all []string
	for _, s := range sizeObjects(m) {
		all = append(all, s.Size)
	}
	return strings.Join(all, " ")
}
