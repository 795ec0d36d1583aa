package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"easel/backend"
)

func (p *Program) modelsCommand() *cobra.Command {
	var asJSON bool
	var name string
	cmd := &cobra.Command{
		Use:   "models",
		Short: p.Words.Say("cli.models"),
		Args:  p.exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := p.needs(); err != nil {
				return err
			}
			list, err := p.sold(name, cmd.Flags().Changed("provider"))
			if err != nil {
				return err
			}
			for i, provider := range list {
				if asJSON {
					err = p.modelsJSON(provider)
				} else {
					err = p.modelsText(provider, i > 0)
				}
				if err != nil {
					return fail(Wrong, err)
				}
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&name, "provider", "", p.Words.Say("cli.flag_models_provider"))
	cmd.Flags().BoolVar(&asJSON, "json", false, p.Words.Say("cli.flag_json"))
	p.completeProvider(cmd)
	return cmd
}

// sold gives the providers that are there, or the one that is named, which may
// also be one without a key.
func (p *Program) sold(name string, named bool) ([]*backend.Provider, error) {
	if !named {
		list, err := p.Providers()
		if err != nil {
			return nil, fail(Wrong, err)
		}
		return list, nil
	}
	provider, err := p.Known(name)
	if err != nil {
		return nil, fail(Wrong, err)
	}
	if provider == nil {
		recipes, _ := p.Recipes()
		var names []string
		for _, r := range recipes {
			names = append(names, r.Name)
		}
		return nil, p.wrong("cli.provider_unknown", backend.Clean(name), strings.Join(names, " "))
	}
	return []*backend.Provider{provider}, nil
}

// modelObject is a model as `models --json` prints it, one a line.
type modelObject struct {
	V          int              `json:"v"`
	Provider   string           `json:"provider"`
	Model      string           `json:"model"`
	Title      string           `json:"title"`
	Note       string           `json:"note"`
	Ratios     []string         `json:"ratios"`
	Sizes      []sizeObject     `json:"sizes"`
	FreeSize   *freeObject      `json:"free_size"`
	Count      int              `json:"count"`
	PromptMax  int              `json:"prompt_max"` // 0: not documented
	References referencesObject `json:"references"`
	Options    []optionObject   `json:"options"`
}

// sizeObject is a size, and the ratios under which it stands; none: it goes
// with every ratio.
type sizeObject struct {
	Size   string   `json:"size"`
	Tier   string   `json:"tier"`
	Ratios []string `json:"ratios"`
}

type freeObject struct {
	MultipleOf int     `json:"multiple_of"`
	MinEdge    int     `json:"min_edge"`
	MaxEdge    int     `json:"max_edge"`
	MaxRatio   float64 `json:"max_ratio"`
	MinPixels  int     `json:"min_pixels"`
	MaxPixels  int     `json:"max_pixels"`
}

type referencesObject struct {
	Min      int      `json:"min"`
	Max      int      `json:"max"`
	MaxBytes int64    `json:"max_bytes"`
	Types    []string `json:"types"`
}

type optionObject struct {
	Name    string   `json:"name"`
	Field   string   `json:"field"`
	Values  []string `json:"values"`
	Min     *int     `json:"min,omitempty"`
	Max     *int     `json:"max,omitempty"`
	Text    bool     `json:"text,omitempty"`
	Default string   `json:"default"`
}

func (p *Program) modelsJSON(provider *backend.Provider) error {
	for _, m := range provider.Models {
		o := modelObject{
			V: 1, Provider: provider.Name, Model: m.ID, Title: m.Title, Note: m.Note,
			Ratios: list(m.Ratios), Sizes: sizeObjects(m), Count: max(m.Count, 1), PromptMax: m.PromptMax,
			References: referencesObject{m.References.Min, m.References.Max, m.References.MaxBytes, list(m.References.Types)},
			Options:    []optionObject{},
		}
		if m.FreeSize != nil {
			f := freeObject(*m.FreeSize)
			o.FreeSize = &f
		}
		for _, x := range m.Options {
			option := optionObject{Name: x.Name, Field: x.Field, Values: list(x.Values), Text: x.Text, Default: x.Default}
			if x.Number {
				option.Min, option.Max = &x.Min, &x.Max
			}
			o.Options = append(o.Options, option)
		}
		if err := p.encode(o); err != nil {
			return err
		}
	}
	return nil
}

func sizeObjects(m backend.Model) []sizeObject {
	out := []sizeObject{}
	for _, s := range m.Sizes {
		out = append(out, sizeObject{s.Value, s.Tier, []string{}})
	}
	seen := map[string]bool{}
	for _, ratio := range m.Ratios {
		for _, s := range m.SizesFor[ratio] {
			if !seen[s.Value] {
				seen[s.Value] = true
				out = append(out, sizeObject{s.Value, s.Tier, list(m.RatiosOf(s.Value))})
			}
		}
	}
	return out
}

// list is never null in JSON.
func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

// modelsText prints the models of a provider for people.
func (p *Program) modelsText(provider *backend.Provider, gap bool) error {
	if gap {
		fmt.Fprintln(p.Out)
	}
	title := provider.Name
	if provider.Title != "" && provider.Title != provider.Name {
		title += " · " + provider.Title
	}
	if _, err := fmt.Fprintln(p.Out, title); err != nil {
		return err
	}
	for _, m := range provider.Models {
		fmt.Fprintln(p.Out, "  "+m.ID+note(m))
		var t table
		for _, row := range p.rows(m) {
			t.add("    "+row[0], row[1])
		}
		t.print(p.Out, 0)
	}
	return nil
}

func note(m backend.Model) string {
	if m.Note == "" {
		return ""
	}
	return "  (" + m.Note + ")"
}

// rows says what may be asked of a model, a flag a row.
func (p *Program) rows(m backend.Model) [][2]string {
	var rows [][2]string
	add := func(flag, value string) { rows = append(rows, [2]string{flag, value}) }
	switch {
	case len(m.SizesFor) > 0:
		for _, ratio := range m.Ratios {
			add("--ratio "+ratio, strings.TrimSpace("--size "+tiers(m.SizesOf(ratio))))
		}
	default:
		if m.HasRatio() {
			add("--ratio", strings.Join(m.Ratios, " "))
		}
		if len(m.Sizes) > 0 {
			add("--size", tiers(m.Sizes))
		}
	}
	if f := m.FreeSize; f != nil {
		add("--size", p.free(*f))
	}
	if m.HasCount() {
		add("--count", fmt.Sprintf("1–%d", m.Count))
	}
	for _, o := range m.Options {
		add(p.option(o))
	}
	if n := m.References.Max; n > 0 {
		add("--ref", p.Words.Say("cli.at_most", n))
	}
	return rows
}

func tiers(sizes []backend.Size) string {
	out := make([]string, len(sizes))
	for i, s := range sizes {
		out[i] = s.Value
		if s.Tier != "" {
			out[i] += " (" + s.Tier + ")"
		}
	}
	return strings.Join(out, "  ")
}

// free says the rules for pixels that are typed.
func (p *Program) free(f backend.FreeSize) string {
	var rules []string
	add := func(n int, key string) {
		if n > 0 {
			rules = append(rules, p.Words.Say(key, fmt.Sprint(n)))
		}
	}
	add(f.MultipleOf, "cli.free_multiple")
	add(f.MinEdge, "cli.free_min_edge")
	add(f.MaxEdge, "cli.free_max_edge")
	if f.MaxRatio > 0 {
		rules = append(rules, p.Words.Say("cli.free_ratio", fmt.Sprint(f.MaxRatio)))
	}
	add(f.MinPixels, "cli.free_min_pixels")
	add(f.MaxPixels, "cli.free_max_pixels")
	return p.Words.Say("cli.free", strings.Join(rules, ", "))
}

// option is an option's flag and its values.
func (p *Program) option(o backend.Option) (flag, value string) {
	flag = "--option " + o.Field
	if o.Field == "" {
		flag = "--option " + o.Name
	}
	for _, own := range flagged {
		if o.Name == own {
			flag = "--" + own
		}
	}
	switch {
	case o.Number:
		value = fmt.Sprintf("%d–%d", o.Min, o.Max)
	case o.Text:
		value = p.Words.Say("cli.any_text")
	default:
		value = strings.Join(o.Values, " ")
	}
	if o.Default != "" && (len(o.Values) == 0 || o.Values[0] != o.Default) {
		value += "  (" + p.Words.Say("cli.default_value", o.Default) + ")"
	}
	return flag, value
}
