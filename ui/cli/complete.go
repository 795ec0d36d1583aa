package cli

import (
	"cmp"
	"strings"

	"github.com/spf13/cobra"

	"easel/backend"
)

// completeRequest lets the shell complete what the model allows, from the same
// description that the pickers and the check read.
func (p *Program) completeRequest(cmd *cobra.Command, a *asked) {
	p.completeProvider(cmd)
	values := func(pick func(m backend.Model) []string) cobra.CompletionFunc {
		return func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			m, ok := p.chosen(a)
			if !ok {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return pick(m), cobra.ShellCompDirectiveNoFileComp
		}
	}
	option := func(name string) cobra.CompletionFunc {
		return values(func(m backend.Model) []string { o, _ := m.Option(name); return o.Values })
	}
	cmd.RegisterFlagCompletionFunc("model", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return p.modelNames(a), cobra.ShellCompDirectiveNoFileComp
	})
	cmd.RegisterFlagCompletionFunc("ratio", values(func(m backend.Model) []string { return m.Ratios }))
	cmd.RegisterFlagCompletionFunc("size", values(func(m backend.Model) []string {
		return strings.Fields(cmp.Or(sizes(m, a.ratio), everySize(m)))
	}))
	cmd.RegisterFlagCompletionFunc("quality", option("quality"))
	cmd.RegisterFlagCompletionFunc("format", option("format"))
	cmd.RegisterFlagCompletionFunc("option", values(optionPairs))
	cmd.RegisterFlagCompletionFunc("count", cobra.NoFileCompletions)
	cmd.RegisterFlagCompletionFunc("timeout", cobra.NoFileCompletions)
	cmd.MarkFlagDirname("out")
	cmd.ValidArgsFunction = cobra.NoFileCompletions
}

func optionPairs(m backend.Model) []string {
	var out []string
	for _, o := range m.Options {
		name := o.Field
		if name == "" {
			name = o.Name
		}
		for _, v := range o.Values {
			out = append(out, name+"="+v)
		}
		if len(o.Values) == 0 {
			out = append(out, name+"=")
		}
	}
	return out
}

func (p *Program) completeProvider(cmd *cobra.Command) {
	cmd.RegisterFlagCompletionFunc("provider", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		if p.Config.Err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		list, _ := p.Providers()
		var names []string
		for _, x := range list {
			names = append(names, x.Name)
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	})
}

func (p *Program) modelNames(a *asked) []string {
	provider := p.chosenProvider(a)
	if provider == nil {
		return nil
	}
	var names []string
	for _, m := range provider.Models {
		names = append(names, m.ID)
	}
	return names
}

func (p *Program) chosenProvider(a *asked) *backend.Provider {
	if p.Config.Err != nil {
		return nil
	}
	list, err := p.Providers()
	if err != nil {
		return nil
	}
	provider, err := p.pick(list, a)
	if err != nil {
		return nil
	}
	return provider
}

// chosen is the model that the flags name so far.
func (p *Program) chosen(a *asked) (backend.Model, bool) {
	provider := p.chosenProvider(a)
	if provider == nil || len(provider.Models) == 0 {
		return backend.Model{}, false
	}
	if a.model == "" {
		return provider.Models[0], true
	}
	return provider.Model(a.model)
}
