package backendtest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"easel/backend"
)

// want gives the fields that the documents have for a request, without its
// references. It is written by hand for each provider: a recipe and its server
// are held to each other by it.
func want(server string, m backend.Model, r backend.Request) map[string]any {
	out := map[string]any{"model": r.Model, "prompt": r.Prompt}
	wantShape(out, server, r)
	for name, value := range r.Options {
		putOption(out, m, name, value)
	}
	if blocks, ok := out["async"].(string); ok {
		out["async"] = blocks == "true" // it is a boolean
	}
	return out
}

// wantShape adds ratio, size and count, and what is always there.
func wantShape(out map[string]any, server string, r backend.Request) {
	put := func(field, value string) {
		if value != "" {
			out[field] = value
		}
	}
	gpt := strings.Contains(r.Model, "gpt-image")
	switch server {
	case "haoee":
		if gpt {
			put("size", r.Size)
			out["n"] = r.Count
			break
		}
		put("aspect_ratio", unless(r.Ratio, "auto")) // "leave out for auto"
		put("image_size", unless(r.Size, "default")) // optional
	case "grsai":
		out["replyType"] = "async"
		if gpt {
			put("aspectRatio", r.Ratio)
			put("aspectRatio", r.Size) // pixels, or the ratio itself
			break
		}
		put("aspectRatio", r.Ratio)
		put("imageSize", r.Size)
	case "uniall":
		out["task_type"], out["response_format"] = "text2image", "url"
		if len(r.References) > 0 {
			out["task_type"] = "image2image"
		}
		if gpt {
			put("size", r.Size)
			out["n"] = r.Count
			break
		}
		put("aspect_ratio", unless(r.Ratio, "auto")) // optional, and "auto" is none of its values
	case "acedata":
		out["action"], out["async"], out["count"] = "generate", true, r.Count
		if len(r.References) > 0 {
			out["action"] = "edit"
		}
		put("aspect_ratio", unless(r.Ratio, "auto")) // optional, and "auto" is none of its values
		put("resolution", r.Size)
	case "defapi":
		put("aspect_ratio", r.Ratio)
		put("image_size", strings.ToLower(r.Size))
	}
}

// unless gives a value unless it is the word of people for leaving it out.
func unless(value, word string) string {
	if value == word {
		return ""
	}
	return value
}

func putOption(out map[string]any, m backend.Model, name, value string) {
	o, _ := m.Option(name)
	field := name
	if o.Field != "" {
		field = o.Field
	}
	out[field] = value
	if n, err := strconv.Atoi(value); o.Number && err == nil {
		out[field] = n
	}
}

// defaults are the values that a field has at the provider when it is left out.
func defaults(server string) map[string]any {
	switch server {
	case "haoee":
		return map[string]any{"n": 1, "size": "auto", "quality": "auto", "response_format": "url"}
	case "uniall":
		return map[string]any{"n": 1, "quality": "medium"}
	case "acedata":
		return map[string]any{"count": 1, "resolution": "1K", "async": false}
	}
	return nil
}

// differ says how the fields that arrived differ from those that were wanted.
func differ(server string, want, got map[string]any) []string {
	base := defaults(server)
	with := func(m map[string]any) map[string]any {
		out := maps.Clone(base)
		if out == nil {
			out = map[string]any{}
		}
		maps.Copy(out, m)
		for _, reference := range []string{"image", "images", "image_urls"} {
			delete(out, reference)
		}
		return out
	}
	want, got = with(want), with(got)
	var out []string
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if fmt.Sprintf("%T %[1]v", want[name]) != fmt.Sprintf("%T %[1]v", got[name]) {
			out = append(out, fmt.Sprintf("%s is %#v, want %#v", name, got[name], want[name]))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[name]; !ok {
			out = append(out, fmt.Sprintf("%s is %#v, want nothing", name, got[name]))
		}
	}
	return out
}

// documented gives, for each model that a provider's documents name, the fields
// and the values that they list.
func documented(server string) map[string]map[string][]string {
	models, of := map[string][]string{
		"haoee":   haoeeModels(),
		"grsai":   append(grsaiNano(), "gpt-image-2", "gpt-image-2-vip"),
		"uniall":  append(uniallNano(), "gpt-image-2"),
		"acedata": acedataModels(),
		"defapi":  {"google/gempix2", "google/gemini-2.5-flash-image"},
	}, map[string]func(string) rules{
		"haoee": haoeeRules, "grsai": grsaiRules, "uniall": uniallRules, "acedata": acedataRules, "defapi": defapiRules,
	}
	out := map[string]map[string][]string{}
	for _, m := range models[server] {
		fields := map[string][]string{}
		for name, r := range of[server](m) {
			switch {
			case server == "haoee" && strings.HasPrefix(m, "gpt-image") && (name == "aspect_ratio" || name == "image_size"):
				// size says both there
			case name == "n" && server == "uniall" && m != "gpt-image-2":
				// never sent: one of its tables says that it is not supported
			case name == "model", name == "prompt", name == "task_type", name == "action":
			case r.kind == aText:
				fields[name] = r.in
			case r.kind == aNumber && server != "haoee": // haoee documents no most
				for n := r.min; n <= r.max; n++ {
					fields[name] = append(fields[name], strconv.Itoa(n))
				}
			}
		}
		if server == "grsai" && m == "gpt-image-2-vip" {
			fields["aspectRatio"] = strings.Fields("auto " + grsaiVIP)
		}
		if server == "haoee" && slices.Contains(fields["aspect_ratio"], "1:1") {
			fields["aspect_ratio"] = append(slices.Clone(fields["aspect_ratio"]), "") // auto leaves it out
		}
		out[m] = fields
	}
	return out
}
