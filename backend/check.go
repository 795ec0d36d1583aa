package backend

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Check is the only judge of a request: nothing that it refuses is sent, and
// what it passes is what the provider's documents allow. The error is an *Error
// of kind Invalid that names the field and what is allowed. Local references
// must have been looked at (LookAt).
func (m Model) Check(r Request) error {
	for _, check := range []func(Request) error{
		m.checkPrompt, m.checkRatioSize, m.checkCount, m.checkOptions, m.checkReferences,
	} {
		if err := check(r); err != nil {
			return err
		}
	}
	return nil
}

func (m Model) checkPrompt(r Request) error {
	switch {
	case strings.TrimSpace(r.Prompt) == "":
		return refuse(FieldPrompt, "check.prompt.empty", "the prompt is empty")
	case !utf8.ValidString(r.Prompt):
		return refuse(FieldPrompt, "check.prompt.utf8", "the prompt is not UTF-8 text")
	}
	if n := utf8.RuneCountInString(r.Prompt); m.PromptMax > 0 && n > m.PromptMax {
		return refuse(FieldPrompt, "check.prompt.long", "the prompt has %s characters; %s takes at most %s", itoa(n), m.ID, itoa(m.PromptMax))
	}
	return nil
}

func (m Model) checkRatioSize(r Request) error {
	// Free pixels may stand without a ratio of the table.
	table := len(m.Sizes)+len(m.SizesFor) > 0
	free := m.FreeSize != nil && r.Size != "" && !m.listed(r)
	switch {
	case !m.HasRatio() && r.Ratio != "":
		return refuse(FieldRatio, "check.ratio.none", "%s takes no ratio", m.ID)
	case m.HasRatio() && !slices.Contains(m.Ratios, r.Ratio) && (!free || r.Ratio != ""):
		return refuse(FieldRatio, "check.ratio.values", "%q is not sold by %s; allowed: %s", Clean(r.Ratio), m.ID, strings.Join(m.Ratios, " "))
	case !m.HasSize() && r.Size != "":
		return refuse(FieldSize, "check.size.none", "%s takes no size", m.ID)
	case free:
		return m.checkFree(r)
	case table && !hasSize(m.SizesOf(r.Ratio), r.Size):
		return m.refuseSize(r)
	case !table && m.FreeSize != nil && r.Size == "":
		return m.FreeSize.Check(r.Size)
	}
	return nil
}

// listed says whether the size stands in the model's table, under any ratio.
func (m Model) listed(r Request) bool {
	if hasSize(m.Sizes, r.Size) {
		return true
	}
	for _, s := range m.SizesFor {
		if hasSize(s, r.Size) {
			return true
		}
	}
	return false
}

func (m Model) checkFree(r Request) error {
	if err := m.FreeSize.Check(r.Size); err != nil {
		return err
	}
	w, h, _ := ParsePixels(r.Size)
	rw, rh, ok := ParseRatio(r.Ratio)
	if !ok && r.Ratio != "" {
		return refuse(FieldSize, "check.size.pair", "%s does not go with the ratio %s; leave the ratio out, or choose: %s", r.Size, r.Ratio, values(m.SizesOf(r.Ratio)))
	}
	if got, want := float64(w)/float64(h), rw/rh; ok && (got > want*1.03 || got < want/1.03) {
		return refuse(FieldSize, "check.size.pair", "%s does not go with the ratio %s; leave the ratio out, or choose: %s", r.Size, r.Ratio, values(m.SizesOf(r.Ratio)))
	}
	return nil
}

func (m Model) refuseSize(r Request) error {
	allowed := values(m.SizesOf(r.Ratio))
	if m.listed(r) {
		return refuse(FieldSize, "check.size.pair", "%s does not go with the ratio %s; leave the ratio out, or choose: %s", r.Size, r.Ratio, allowed)
	}
	if r.Ratio != "" && len(m.SizesFor) > 0 {
		return refuse(FieldSize, "check.size.under", "%q is not sold by %s; allowed at %s: %s", Clean(r.Size), m.ID, r.Ratio, allowed)
	}
	return refuse(FieldSize, "check.size.values", "%q is not sold by %s; allowed: %s", Clean(r.Size), m.ID, allowed)
}

func (m Model) checkCount(r Request) error {
	switch {
	case !m.HasCount() && r.Count != 1:
		return refuse(FieldCount, "check.count.one", "%s makes one picture at a time", m.ID)
	case m.HasCount() && (r.Count < 1 || r.Count > m.Count):
		return refuse(FieldCount, "check.count.range", "%s is not allowed; %s makes 1 to %s pictures", itoa(r.Count), m.ID, itoa(m.Count))
	}
	return nil
}

func (m Model) checkOptions(r Request) error {
	names := make([]string, 0, len(r.Options))
	for name := range r.Options {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		o, ok := m.Option(name)
		if !ok || o.Name != name {
			return m.refuseOption(name)
		}
		if err := o.Check(r.Options[name]); err != nil {
			return err
		}
	}
	return nil
}

func (m Model) refuseOption(name string) error {
	if len(m.Options) == 0 {
		return refuse(name, "check.option.none", "%s has no options", m.ID)
	}
	names := make([]string, len(m.Options))
	for i, o := range m.Options {
		names[i] = o.Name
	}
	return refuse(name, "check.option.names", "%s has no such option; it has: %s", m.ID, strings.Join(names, " "))
}

// Check judges a value of the option.
func (o Option) Check(value string) error {
	switch {
	case o.Number:
		n, err := strconv.Atoi(value)
		if err != nil || n < o.Min || n > o.Max || strconv.Itoa(n) != value {
			return refuse(o.Name, "check.option.range", "%q is not allowed; a whole number from %s to %s is", Clean(value), itoa(o.Min), itoa(o.Max))
		}
	case o.Text:
		if strings.TrimSpace(value) == "" || !utf8.ValidString(value) || Clean(value) != value {
			return refuse(o.Name, "check.option.text", "%q is not a text that can be sent", Clean(value))
		}
	case !slices.Contains(o.Values, value):
		return refuse(o.Name, "check.option.values", "%q is not allowed; allowed: %s", Clean(value), strings.Join(o.Values, " "))
	}
	return nil
}

func (m Model) checkReferences(r Request) error {
	refs, n := m.References, len(r.References)
	switch {
	case n > 0 && refs.Max == 0:
		return refuse(FieldReferences, "check.references.none", "%s takes no references", m.ID)
	case n > refs.Max:
		return refuse(FieldReferences, "check.references.many", "%s are too many; %s takes at most %s", itoa(n), m.ID, itoa(refs.Max))
	case n < refs.Min:
		return refuse(FieldReferences, "check.references.few", "%s needs at least %s", m.ID, itoa(refs.Min))
	}
	for _, ref := range r.References {
		if err := refs.checkOne(ref); err != nil {
			return err
		}
	}
	if n > 0 && len(refs.Ways) > 0 {
		_, err := m.Way(r.References, time.Now())
		return err
	}
	return nil
}

func (refs References) checkOne(ref Reference) error {
	if ref.Path == "" {
		u, err := url.Parse(ref.URL)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || Clean(ref.URL) != ref.URL {
			return refuse(FieldReferences, "check.references.url", "%q is no http or https address", Clean(ref.URL))
		}
		return nil
	}
	if ref.URL != "" && ref.Type == "" {
		return nil // an earlier result whose file is gone: its address may serve
	}
	switch {
	case ref.Type == "":
		return refuse(FieldReferences, "check.references.picture", "%s is not a picture", ref.Name())
	case len(refs.Types) > 0 && !slices.Contains(refs.Types, ref.Type):
		return refuse(FieldReferences, "check.references.type", "%s is %s; allowed: %s", ref.Name(), ref.Type, strings.Join(refs.Types, " "))
	case refs.MaxBytes > 0 && ref.Bytes > refs.MaxBytes:
		return refuse(FieldReferences, "check.references.large", "%s weighs %s MB; at most %s MB are allowed", ref.Name(), megabytes(ref.Bytes), megabytes(refs.MaxBytes))
	}
	return nil
}

// Way finds how a set of references can be sent: as addresses where all have
// one that lives, else as files, else mixed.
func (m Model) Way(list []Reference, now time.Time) (Way, error) {
	urls, files, usable := 0, 0, 0
	for _, ref := range list {
		u, f := ref.IsURL(now), ref.IsFile() && (ref.Type != "" || ref.URL == "")
		if u {
			urls++
		}
		if f {
			files++
		}
		if u || f {
			usable++
		}
	}
	n := len(list)
	best, found := Way{}, false
	for _, w := range m.References.Ways {
		fits := n >= w.Min && n <= w.Max
		switch {
		case fits && w.URL && urls == n:
			return w, nil
		case fits && w.File && files == n, fits && w.URL && w.File && usable == n:
			if !found {
				best, found = w, true
			}
		}
	}
	if found {
		return best, nil
	}
	return Way{}, m.refuseWay(n, files)
}

func (m Model) refuseWay(n, files int) error {
	if !slices.ContainsFunc(m.References.Ways, func(w Way) bool { return w.File }) {
		return refuse(FieldReferences, "check.references.local", "%s takes references only as addresses (http or https), not as local files", m.ID)
	}
	if !slices.ContainsFunc(m.References.Ways, func(w Way) bool { return w.URL }) {
		return refuse(FieldReferences, "check.references.remote", "%s takes references only as local files, not as addresses", m.ID)
	}
	if files > 0 && n > 1 {
		return refuse(FieldReferences, "check.references.mixed", "%s takes one local file, or several addresses, but not these together", m.ID)
	}
	return refuse(FieldReferences, "check.references.gone", "the address of a reference is gone, and its file too")
}

func megabytes(n int64) string {
	return strings.TrimSuffix(strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64), ".0")
}

func values(sizes []Size) string {
	out := make([]string, len(sizes))
	for i, s := range sizes {
		out[i] = s.Value
	}
	return strings.Join(out, " ")
}
