package recipe

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"easel/backend"
	"easel/backend/strict"
)

// small is a recipe on which mistakes are made. Its lines are counted below.
const small = `recipe = 1
name = "small"
base_url = "https://a.test"
key_env = "SMALL_KEY"

[[models]]
id = "one"
ratios = ["1:1", "16:9"]
sizes = ["1K", "2K"]
references = { max = 4 }
options.quality = { values = ["low", "high"], default = "low" }

[[models]]
id = "two"
like = "one"
sizes_for."1:1" = ["10x10 1K"]
sizes_for."16:9" = ["16x9"]

[submit]
path = "/make"
[submit.body]
model = "{model}"
prompt = "{prompt}"
ratio = "{ratio}"
size = "{size}"
quality = "{quality}"

[[submit.form]]
references = "some"
send_as = ["url", "data"]
body = { images = "{references}" }

[poll]
path = "/tasks/{id}"

[answer]
id = ["id"]
status = ["status"]
images = ["url"]

[states]
running = ["running"]
ready = ["done"]

[errors]
ok.code = [0]
code = ["code"]
message = ["message"]
unpaid = ["poor", 402]

[[example]]
step = "poll"
answer = '{"id":"x","status":"done","url":"https://a.test/1.png"}'
gives = { id = "x", state = "ready", images = ["https://a.test/1.png"] }
`

func TestSmallIsWhole(t *testing.T) {
	r, err := Parse("small.toml", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	two := r.Models[1]
	if !slices.Equal(two.Ratios, []string{"1:1", "16:9"}) || len(two.Sizes) > 0 || two.SizesFor["1:1"][0] != (backend.Size{Value: "10x10", Tier: "1K"}) ||
		two.References.Max != 4 || two.Options[0].Field != "quality" || len(two.References.Ways) != 1 {
		t.Errorf("%+v", two)
	}
	if one := r.Models[0]; len(one.Sizes) != 2 || len(one.SizesFor) > 0 {
		t.Errorf("a model that another is like was changed: %+v", one)
	}
}

// A model takes nothing away from the one that it is like, wherever that stands.
func TestLike(t *testing.T) {
	text := strings.Replace(small, "[[models]]", `[[models]]
id = "zero"
also = ["nought"]
like = "one"
note = "another"
sizes = ["4K"]
options.quality = { values = ["best"] }

[[models]]`, 1)
	r, err := Parse("small.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range r.Models {
		got = append(got, m.ID+" "+m.Note+" "+strings.Join(m.Options[0].Values, ","))
	}
	if want := []string{"zero another best", "nought another best", "one  low,high", "two  low,high"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if r.Models[2].Sizes[0].Value != "1K" || r.Models[0].Sizes[0].Value != "4K" || r.Models[0].Options[0].Default != "" {
		t.Errorf("%+v", r.Models)
	}
}

// Each mistake is told with its line and what would be right.
func TestMistakes(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{`recipe = 1`, `recipe = 2`, `small.toml:1: the first line must be recipe = 1`},
		{`recipe = 1`, ``, `small.toml: the first line must be recipe = 1`},
		{`name = "small"`, `name = "Small One"`, `small.toml:2: a recipe needs a name of small letters`},
		{`name = "small"`, `nam = "small"`, `small.toml:2: unknown key "nam" (did you mean "name"?)`},
		{`name = "small"`, `name = 7`, `small.toml:2: name must be a text, not a number`},
		{`name = "small"`, `name = "small`, `small.toml:2: bad TOML`},
		{`"https://a.test"`, `"a.test"`, `small.toml:3: base_url must be an address that starts with https://`},
		{`key_env = "SMALL_KEY"`, `auth = "Bearer {key}"`, `small.toml:4: auth must be a header with {key} in it`},
		{`key_env = "SMALL_KEY"`, `auth = "X-Key: {kee}"`, `small.toml:4: auth must be a header with {key} in it`},
		{`key_env = "SMALL_KEY"`, `parallel = -1`, `small.toml:4: parallel must be at least 1`},
		{`key_env = "SMALL_KEY"`, `per_second = -0.5`, `small.toml:4: per_second must be more than 0`},
		{`key_env = "SMALL_KEY"`, `results_last = "soon"`, `small.toml:4: results_last must be a time`},
		{`key_env = "SMALL_KEY"`, `headers = { M = "{modle}" }`, `small.toml:4: nothing fills {modle} here (did you mean "model"?)`},
		{`key_env = "SMALL_KEY"`, `spell.ratio."16;9" = "x"`, `small.toml:4: no model has the ratio "16;9" (did you mean "16:9"?)`},
		{`key_env = "SMALL_KEY"`, `spell.ration."16:9" = "x"`, `small.toml:4: there is no "ration" to spell (did you mean "ratio"?)`},
		{`key_env = "SMALL_KEY"`, `options.seed = { min = 0, max = 9 }`, `small.toml:4: the option "seed" is sent nowhere`},
		{`id = "one"`, `title = "One"`, `small.toml:6: a model needs an id`},
		{`id = "two"`, `id = "one"`, `small.toml:14: the model "one" is there twice`},
		{`id = "two"`, "id = \"two\"\nalso = [\"one\"]", `small.toml:14: the model "one" is there twice`},
		{`like = "one"`, `like = "on"`, `small.toml:15: there is no model "on" (did you mean "one"?)`},
		{`like = "one"`, `like = "two"`, `small.toml:15: two is like two, and so on in a circle`},
		{`id = "one"`, "id = \"one\"\nlike = \"two\"", `in a circle`},
		{`ratios = ["1:1", "16:9"]`, `ratios = ["1:1", "1:1"]`, `small.toml:8: "1:1" is empty or there twice`},
		{`ratios = ["1:1", "16:9"]`, `ratios = []`, `small.toml:8: ratios is empty`},
		{`sizes = ["1K", "2K"]`, "sizes = [\"1K\"]\nsizes_for.auto = [\"1K\"]", `small.toml:10: a model has sizes or sizes_for, not both`},
		{`like = "one"`, "like = \"one\"\nratios = [\"1:1\"]", `small.toml:18: sizes for the ratio "16:9", which the model does not have`},
		{`like = "one"`, "like = \"one\"\nratios = [\"1:1\", \"16:9\", \"2:1\"]", `small.toml:16: the ratio "2:1" has no size`},
		{`["16x9"]`, `["16x9 1K", "16x9 2K"]`, `small.toml:17: "16x9" is empty or there twice`},
		{`{ max = 4 }`, `{ min = 5, max = 4 }`, `small.toml:10: references needs a max`},
		{`{ max = 4 }`, `{ max = 4, types = ["jpg"] }`, `small.toml:10: "jpg" is no type of pictures (did you mean "jpeg"?)`},
		{`{ max = 4 }`, `{ max = 4, max_bytes = "10 parsecs" }`, `small.toml:10: max_bytes must be a number of bytes`},
		{`{ max = 4 }`, `{ max = 1 }`, ``},
		{`sizes = ["1K", "2K"]`, `count = 0`, `small.toml:9: count must be at least 1`},
		{`default = "low"`, `default = "lower"`, `small.toml:11: the default "lower" is not allowed`},
		{`values = ["low", "high"]`, `min = 3, max = 1`, `small.toml:11: a number needs a min and a max`},
		{`values = ["low", "high"]`, `text = true, min = 1, max = 2`, `small.toml:11: the option "quality" needs values, or min and max, or text`},
		{`options.quality = { values`, `options.prompt = { values`, `small.toml:11: an option cannot be called "prompt"`},
		{`quality = "{quality}"`, ``, `small.toml:11: the option "quality" is sent nowhere`},
		{`path = "/make"`, `path = "make"`, `small.toml:20: path must be one that starts with /`},
		{`path = "/make"`, ``, `path must be one that starts with /`},
		{`path = "/make"`, "path = \"/make\"\nmethod = \"POTS\"", `small.toml:21: "POTS" is no method (did you mean "POST"?)`},
		{`path = "/make"`, "path = \"/make\"\nmethod = \"GET\"", `a GET has no body`},
		{`path = "/make"`, "path = \"/make\"\nencoding = \"form\"", `small.toml:21: "form" is no encoding (there are: json multipart)`},
		{`prompt = "{prompt}"`, `prompt = "{promt}"`, `small.toml:23: nothing fills {promt} here (did you mean "prompt"?)`},
		{`prompt = "{prompt}"`, `prompt = ["{promt}"]`, `small.toml:23: nothing fills {promt} here`},
		{`references = "some"`, `references = "any"`, `small.toml:29: references = "any" is not known (did you mean "many"?)`},
		{`references = "some"`, `models = ["three"]`, `small.toml:29: there is no model "three"`},
		{`references = "some"`, "references = \"some\"\nmodels = [\"tow\"]", `small.toml:30: there is no model "tow" (did you mean "two"?)`},
		{`send_as = ["url", "data"]`, `send_as = ["urls"]`, `small.toml:30: "urls" is no way to send a reference (did you mean "url"?)`},
		{`send_as = ["url", "data"]`, `send_as = ["data", "base64"]`, `small.toml:30: a local file goes as "data" or as "base64", not both`},
		{`send_as = ["url", "data"]`, `send_as = ["file"]`, `small.toml:30: a "file" can only be sent with encoding = "multipart"`},
		{"references = \"some\"\nsend_as = [\"url\", \"data\"]\nbody = { images = \"{references}\" }", "references = \"many\"\nbody = { image = \"{reference}\" }", `small.toml:29: references = "many", but no {references} says where they go`},
		{`body = { images = "{references}" }`, ``, `but no {references} says where they go`},
		{`body = { images = "{references}" }`, "body = { images = \"{references}\" }\n[[submit.form]]\nreferences = \"one\"\nbody = { image = \"{reference}\" }", `small.toml:32: this form can never be reached`},
		{"[[submit.form]]\nreferences = \"some\"", "[[submit.form]]\nreferences = \"none\"\n[[submit.form]]\nreferences = \"none\"\n[[submit.form]]\nreferences = \"some\"", `small.toml:30: this form can never be reached`},
		{`path = "/tasks/{id}"`, `path = "/tasks"`, `small.toml:33: nothing in it names the task: {id} stands nowhere`},
		{`path = "/tasks/{id}"`, `path = "/tasks/{task}"`, `small.toml:34: nothing fills {task} here`},
		{`path = "/tasks/{id}"`, "path = \"/tasks/{id}\"\nbatch = { items = [\"items\"] }", `small.toml:35: nothing in it names the tasks: {ids} stands nowhere`},
		{`path = "/tasks/{id}"`, "path = \"/tasks/{id}\"\nbatch = { body = { ids = \"{ids}\" } }", `small.toml:35: items must name a place`},
		{`[poll]`, "[submit.stream]\nwhen = { replyType = \"stream\" }\n[poll]", `small.toml:34: there is no option "replyType"`},
		{`[poll]`, "[submit.stream]\nwhen = { quality = \"best\" }\n[poll]", `small.toml:34: quality has no value "best"`},
		{`[poll]`, "[submit.sync]\nbody.x = 1\n[poll]", `small.toml:33: nothing chooses [submit.sync]`},
		{`id = ["id"]`, ``, `id must name a place in the answer`},
		{`images = ["url"]`, ``, `images must name a place in the answer`},
		{`images = ["url"]`, `images = "url"`, `small.toml:39: images must be a list, not a text`},
		{`status = ["status"]`, ``, `does not say where the status stands`},
		{`running = ["running"]`, `runing = ["running"]`, `small.toml:42: unknown key "runing" (did you mean "running"?)`},
		{`running = ["running"]`, `running = ["done"]`, `the word "done" is none, or there twice`},
		{`unpaid = ["poor", 402]`, `broke = ["poor"]`, `small.toml:49: unknown key "broke" (there are:`},
		{`unpaid = ["poor", 402]`, "unpaid = [\"poor\"]\nmoderated = [\"poor\"]", `poor is `},
		{`unpaid = ["poor", 402]`, `unpaid = [4]`, `small.toml:49: 4 is no HTTP status`},
		{`ok.code = [0]`, `ok.code = 0`, `small.toml:46: code must be a list of the values that are fine`},
		{`step = "poll"`, `step = "pole"`, `small.toml:51: the example is for the step "pole" (did you mean "poll"?)`},
		{`state = "ready"`, `state = "redy"`, `small.toml:51: the example gives the state "redy" (did you mean "ready"?)`},
		{`state = "ready"`, `state = "running"`, `small.toml:51: the example reads with state "ready", not "running"`},
		{`id = "x", state`, `id = "y", state`, `small.toml:51: the example reads with id "x", not "y"`},
		{`["https://a.test/1.png"] }`, `[] }`, `small.toml:51: the example reads with the images ["https://a.test/1.png"], not []`},
		{`state = "ready", images`, `state = "ready", progress = 0.5, images`, `reads with progress "-1", not "0.5"`},
		{`answer = '{"id":"x"`, `answer = '{"code":1,"message":"no","id":"x"`, `reads with state "error", not "ready"`},
		{`gives = { id`, `gives = { idd = 1, id`, `unknown key "idd" (did you mean "id"?)`},
	} {
		if !strings.Contains(small, c.old) {
			t.Fatalf("%q is not there", c.old)
		}
		_, err := Parse("small.toml", []byte(strings.Replace(small, c.old, c.new, 1)))
		if c.want == "" {
			if err != nil {
				t.Errorf("%s: %v", c.new, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\n gives %v\n want  %s", c.new, err, c.want)
			continue
		}
		if _, ok := errors.AsType[*strict.Error](err); !ok {
			t.Errorf("%s: %T", c.new, err)
		}
	}
}

func TestLoadDir(t *testing.T) {
	dir := t.TempDir()
	if got, err := LoadDir(filepath.Join(dir, "nothing")); err != nil || len(got) > 0 {
		t.Errorf("%v, %v", got, err)
	}
	for name, text := range map[string]string{
		"a.toml": small, "b.toml": "recipe = 1\nnmae = \"b\"", "c.toml": strings.Replace(small, `"small"`, `"c"`, 1),
		"d.toml": small, "notes.txt": "no recipe", ".e.toml": "hidden",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := LoadDir(dir)
	if len(got) != 2 || got[0].Name != "small" || got[1].Name != "c" {
		t.Errorf("%+v", got)
	}
	for _, want := range []string{"b.toml:2: unknown key \"nmae\"", `d.toml: the name "small" is also that of`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v lacks %s", err, want)
		}
	}
}

func BenchmarkBuiltin(b *testing.B) {
	for b.Loop() {
		if _, err := Builtin(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEmbedded(b *testing.B) {
	for b.Loop() {
		if _, err := Embedded("demo"); err != nil {
			b.Fatal(err)
		}
	}
}
