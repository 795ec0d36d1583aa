package recipe

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// form is a recipe as it stands in its file. What the keys mean is said in
// assets/recipes/README.md.
type form struct {
	Recipe      int                       `toml:"recipe"`
	Name        string                    `toml:"name"`
	Title       string                    `toml:"title"`
	Docs        string                    `toml:"docs"`
	BaseURL     string                    `toml:"base_url"`
	KeyEnv      string                    `toml:"key_env"`
	Auth        *string                   `toml:"auth"`
	Headers     map[string]any            `toml:"headers"`
	Parallel    int                       `toml:"parallel"`
	PerSecond   float64                   `toml:"per_second"`
	ResultsLast time.Duration             `toml:"results_last"`
	ResultsKey  bool                      `toml:"results_need_key"`
	Spell       map[string]map[string]any `toml:"spell"`
	Options     map[string]optionForm     `toml:"options"`
	Models      []modelForm               `toml:"models"`
	Submit      submitForm                `toml:"submit"`
	Poll        *pollForm                 `toml:"poll"`
	Result      *requestForm              `toml:"result"`
	Cancel      *requestForm              `toml:"cancel"`
	Find        *findForm                 `toml:"find"`
	Balance     *balanceForm              `toml:"balance"`
	Answer      answerForm                `toml:"answer"`
	States      statesForm                `toml:"states"`
	Errors      errorsForm                `toml:"errors"`
	Examples    []exampleForm             `toml:"example"`
}

type modelForm struct {
	ID         string                `toml:"id"`
	Also       []string              `toml:"also"`
	Like       string                `toml:"like"`
	Title      string                `toml:"title"`
	Note       string                `toml:"note"`
	Ratios     []string              `toml:"ratios"`
	Sizes      []string              `toml:"sizes"`
	SizesFor   map[string][]string   `toml:"sizes_for"`
	FreeSize   *freeSizeForm         `toml:"free_size"`
	Count      *int                  `toml:"count"`
	PromptMax  *int                  `toml:"prompt_max"`
	Takes      *time.Duration        `toml:"takes"`
	References *referencesForm       `toml:"references"`
	Options    map[string]optionForm `toml:"options"`
}

type freeSizeForm struct {
	MultipleOf int     `toml:"multiple_of"`
	MinEdge    int     `toml:"min_edge"`
	MaxEdge    int     `toml:"max_edge"`
	MaxRatio   float64 `toml:"max_ratio"`
	MinPixels  int     `toml:"min_pixels"`
	MaxPixels  int     `toml:"max_pixels"`
}

type referencesForm struct {
	Min      int      `toml:"min"`
	Max      int      `toml:"max"`
	MaxBytes weight   `toml:"max_bytes"`
	Types    []string `toml:"types"`
}

type optionForm struct {
	Title   string `toml:"title"`
	Values  []any  `toml:"values"`
	Min     *int   `toml:"min"`
	Max     *int   `toml:"max"`
	Text    bool   `toml:"text"`
	Default any    `toml:"default"`
	Quiet   bool   `toml:"quiet"`
}

// requestForm is one request to the provider.
type requestForm struct {
	Method   string         `toml:"method"`
	Path     string         `toml:"path"`
	Query    map[string]any `toml:"query"`
	Headers  map[string]any `toml:"headers"`
	Body     map[string]any `toml:"body"`
	Encoding string         `toml:"encoding"`
}

type submitForm struct {
	requestForm
	SendAs []string            `toml:"send_as"`
	Each   any                 `toml:"each"`
	Keep   map[string][]string `toml:"keep"`
	Forms  []otherForm         `toml:"form"`
	Sync   *wayForm            `toml:"sync"`
	Stream *wayForm            `toml:"stream"`
}

// otherForm is another form of the submit, laid over it.
type otherForm struct {
	requestForm
	Models     []string `toml:"models"`
	References string   `toml:"references"`
	SendAs     []string `toml:"send_as"`
	Each       any      `toml:"each"`
}

// wayForm is what differs when the answer comes at once or as a stream.
type wayForm struct {
	requestForm
	When map[string]any `toml:"when"`
}

type pollForm struct {
	requestForm
	First       time.Duration `toml:"first"`
	Every       time.Duration `toml:"every"`
	Max         time.Duration `toml:"max"`
	Grace       time.Duration `toml:"grace"`
	EmptyIsGone bool          `toml:"empty_is_gone"`
	Batch       *batchForm    `toml:"batch"`
}

type batchForm struct {
	requestForm
	Items []string `toml:"items"`
	Max   int      `toml:"max"`
}

type findForm struct {
	requestForm
	Items   []string `toml:"items"`
	ID      []string `toml:"id"`
	Prompt  []string `toml:"prompt"`
	Created []string `toml:"created"`
}

type balanceForm struct {
	requestForm
	Amount []string `toml:"amount"`
	Unit   string   `toml:"unit"`
	Per    float64  `toml:"per"`
}

type answerForm struct {
	ID         []string `toml:"id"`
	Status     []string `toml:"status"`
	Progress   []string `toml:"progress"`
	ProgressOf float64  `toml:"progress_of"`
	Images     []string `toml:"images"`
	Inline     bool     `toml:"inline"`
	Failure    []string `toml:"failure"`
	Finished   []string `toml:"finished"`
	Reason     []string `toml:"reason"`
	Cost       []string `toml:"cost"`
	CostUnit   string   `toml:"cost_unit"`
	Usage      []string `toml:"usage"`
	Revised    []string `toml:"revised"`
	Trace      []string `toml:"trace"`
	AlsoOn     []int    `toml:"also_on"`
}

// kindsForm are the kinds of errors: those of backend that a provider can mean.
type kindsForm struct {
	Invalid      []any `toml:"invalid"`
	Unauthorized []any `toml:"unauthorized"`
	Unpaid       []any `toml:"unpaid"`
	Moderated    []any `toml:"moderated"`
	RateLimited  []any `toml:"ratelimited"`
	Unavailable  []any `toml:"unavailable"`
	Gone         []any `toml:"gone"`
	Stopped      []any `toml:"stopped"`
	Timeout      []any `toml:"timeout"`
}

type statesForm struct {
	kindsForm
	Queued  []any `toml:"queued"`
	Running []any `toml:"running"`
	Ready   []any `toml:"ready"`
	Failed  []any `toml:"failed"`
}

type errorsForm struct {
	kindsForm
	OK      map[string]any `toml:"ok"`
	Code    []string       `toml:"code"`
	Message []string       `toml:"message"`
}

type exampleForm struct {
	Step   string    `toml:"step"`
	HTTP   int       `toml:"http"`
	Answer string    `toml:"answer"`
	Gives  givesForm `toml:"gives"`
}

type givesForm struct {
	State    string    `toml:"state"`
	ID       *string   `toml:"id"`
	Kind     *string   `toml:"kind"`
	Reason   *string   `toml:"reason"`
	Progress *float64  `toml:"progress"`
	Images   *[]string `toml:"images"`
	Cost     *string   `toml:"cost"`
	Revised  *string   `toml:"revised"`
	Trace    *string   `toml:"trace"`
	Unknown  *string   `toml:"unknown"`
}

// weight is a number of bytes: 10000000, or "10MB".
type weight int64

// UnmarshalTOML reads a weight.
func (w *weight) UnmarshalTOML(v any) error {
	switch v := v.(type) {
	case int64:
		if v > 0 {
			*w = weight(v)
			return nil
		}
	case string:
		for unit, factor := range map[string]float64{"kB": 1e3, "MB": 1e6} {
			number, ok := strings.CutSuffix(v, unit)
			if f, err := strconv.ParseFloat(strings.TrimSpace(number), 64); ok && err == nil && f > 0 && f < 1e6 {
				*w = weight(f * factor)
				return nil
			}
		}
	}
	return errors.New(`must be a number of bytes, or a text such as "10MB"`)
}
