package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"easel/backend"
)

func (p *Program) doctorCommand() *cobra.Command {
	var online bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: p.Words.Say("cli.doctor"),
		Long:  p.Words.Say("cli.doctor_long"),
		Args:  p.exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			d := &doctor{p: p}
			d.config()
			d.recipes()
			d.providers(cmd.Context(), online)
			d.disk(cmd.Context())
			d.terminal()
			return d.end()
		},
	}
	cmd.Flags().BoolVar(&online, "online", false, p.Words.Say("cli.flag_online"))
	return cmd
}

// doctor looks at everything, changes nothing, and spends nothing.
type doctor struct {
	p      *Program
	status int
	titled bool
}

// The marks before a finding.
const (
	well  = "✓"
	mind  = "!"
	wrong = "✗"
)

func (d *doctor) section(key string) {
	if d.titled {
		fmt.Fprintln(d.p.Out)
	}
	d.titled = true
	fmt.Fprintln(d.p.Out, d.p.Words.Say(key))
}

// find prints a finding, and under it what to do.
func (d *doctor) find(mark, text string, todo ...string) {
	fmt.Fprintf(d.p.Out, "  %s %s\n", mark, text)
	for _, t := range todo {
		if t != "" {
			fmt.Fprintf(d.p.Out, "    → %s\n", t)
		}
	}
}

// worse keeps the status that says most: a wrong config before missing access,
// that before anything else.
func (d *doctor) worse(status int) {
	rank := map[int]int{Saved: 0, Failed: 1, NoAccess: 2, Wrong: 3}
	if rank[status] > rank[d.status] {
		d.status = status
	}
}

func (d *doctor) end() error {
	fmt.Fprintln(d.p.Out)
	if d.status == Saved {
		fmt.Fprintln(d.p.Out, d.p.Words.Say("cli.doctor_well"))
		return nil
	}
	fmt.Fprintln(d.p.Out, d.p.Words.Say("cli.doctor_not_well"))
	return fail(d.status, nil)
}

func (d *doctor) config() {
	p := d.p
	d.section("cli.doctor_config")
	switch {
	case p.Config.Err != nil:
		d.broken(p.Config.Err)
	case !p.Config.Exists:
		d.find(well, p.Words.Say("cli.config_none", p.Config.Path), p.Words.Say("cli.todo_init"))
	default:
		d.find(well, p.Config.Path)
	}
	for _, w := range p.Config.Warnings {
		d.find(mind, w)
	}
}

func (d *doctor) recipes() {
	p := d.p
	d.section("cli.doctor_recipes")
	list, err := p.Recipes()
	if err != nil {
		d.broken(err)
	}
	var fine []string
	for _, r := range list {
		switch {
		case r.Err != nil && err == nil:
			d.broken(r.Err)
		case r.File != "":
			d.find(well, p.Words.Say("cli.recipe_own", r.File, r.Name, r.Models))
		default:
			fine = append(fine, r.Name)
		}
	}
	if len(fine) > 0 {
		d.find(well, p.Words.Say("cli.recipes_fine", strings.Join(fine, " ")))
	}
}

// broken prints every line of an error about the config or a recipe.
func (d *doctor) broken(err error) {
	for line := range strings.SplitSeq(d.p.explain(err), "\n") {
		d.find(wrong, line)
	}
	d.worse(Wrong)
}

func (d *doctor) providers(ctx context.Context, online bool) {
	p := d.p
	d.section("cli.doctor_providers")
	if p.Config.Err != nil {
		d.find(mind, p.Words.Say("cli.doctor_skipped"))
		return
	}
	list, err := p.Providers()
	if err != nil {
		d.find(mind, p.Words.Say("cli.doctor_skipped")) // it is said above
		return
	}
	if online {
		started, stop, err := p.Online()
		if err != nil {
			d.find(wrong, p.explain(err))
			d.worse(Failed)
			return
		}
		defer stop()
		list = started
	}
	for _, provider := range list {
		d.provider(ctx, provider, online)
	}
	if err := p.standardIsThere(); err != nil {
		d.find(wrong, p.explain(err))
		d.worse(exitStatus(err))
	}
	if len(p.Access()) == 0 {
		d.find(mind, p.Words.Say("cli.doctor_only_demo"), p.Words.Say("cli.todo_key", p.Config.Path))
	}
}

// provider says how one is reached, and with online whether it answers.
func (d *doctor) provider(ctx context.Context, provider *backend.Provider, online bool) {
	p := d.p
	name := provider.Name
	if name == p.Default() {
		name += " (" + p.Words.Say("cli.selected") + ")"
	}
	if provider.Local {
		name += ": " + p.Words.Say("cli.doctor_demo")
	} else {
		key := d.access(provider.Name)
		if provider.BaseURL != "" {
			name += ": " + provider.BaseURL
		}
		switch {
		case strings.HasPrefix(key.Source, "$"):
			name += " · " + p.Words.Say("cli.key_from", key.Source)
		case key.Source != "":
			name += " · " + p.Words.Say("cli.key_from", fmt.Sprintf("[providers.%s] %s", provider.Name, key.Source))
		}
		if err := access(ctx, provider); err != nil {
			d.find(wrong, name+" · "+p.Words.Error(backend.AsError(err)), p.todo(provider, err))
			d.worse(statusOf(err))
			return
		}
	}
	if !online {
		d.find(well, name)
		return
	}
	said, status := ask(ctx, p, provider)
	if status == Saved {
		d.find(well, name+" · "+said)
		return
	}
	d.find(wrong, name+" · "+said)
	d.worse(status)
}

func (d *doctor) access(name string) Access {
	for _, a := range d.p.Access() {
		if a.Name == name {
			return a
		}
	}
	return Access{}
}

// todo says what a person can do about an access that is not there.
func (p *Program) todo(provider *backend.Provider, err error) string {
	switch backend.KindOf(err) {
	case backend.Unauthorized:
		return p.Words.Say("cli.todo_docs", provider.Docs)
	case backend.Invalid:
		return p.Words.Say("cli.todo_base_url", provider.Name, p.Config.Path)
	}
	return ""
}
