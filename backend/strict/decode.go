package strict

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Unmarshaler reads a value by itself: text, int64, float64, bool, time.Time,
// []any or map[string]any. Its error says what is wrong with the value.
type Unmarshaler interface{ UnmarshalTOML(value any) error }

// decoder puts a tree of values into Go's, and notes what does not fit.
type decoder struct {
	problems []problem
	structs  map[reflect.Type]*fields
}

// fields are the keys of a struct, those of embedded structs among them.
type fields struct {
	known []string
	at    map[string][]int
}

func (d *decoder) fields(t reflect.Type) *fields {
	if f, ok := d.structs[t]; ok {
		return f
	}
	f := &fields{at: map[string][]int{}}
	for _, field := range reflect.VisibleFields(t) {
		if key := field.Tag.Get("toml"); key != "" && key != "-" {
			f.known, f.at[key] = append(f.known, key), field.Index
		}
	}
	d.structs[t] = f
	return f
}

func (d *decoder) wrong(path []string, format string, args ...any) {
	d.problems = append(d.problems, problem{slices.Clone(path), fmt.Sprintf(format, args...)})
}

func (d *decoder) value(path []string, from any, to reflect.Value) {
	if to.Kind() == reflect.Pointer {
		if to.IsNil() {
			to.Set(reflect.New(to.Type().Elem()))
		}
		d.value(path, from, to.Elem())
		return
	}
	if u, ok := to.Addr().Interface().(Unmarshaler); ok {
		if err := u.UnmarshalTOML(from); err != nil {
			d.wrong(path, "%s %v", name(path), err)
		}
		return
	}
	switch to.Kind() {
	case reflect.Struct:
		d.table(path, from, to)
	case reflect.Map:
		d.dictionary(path, from, to)
	case reflect.Slice:
		d.list(path, from, to)
	case reflect.Interface:
		to.Set(reflect.ValueOf(from))
	default:
		d.scalar(path, from, to)
	}
}

func (d *decoder) scalar(path []string, from any, to reflect.Value) {
	want := ""
	switch kind := to.Kind(); {
	case to.Type() == reflect.TypeFor[time.Duration]():
		s, ok := from.(string)
		v, err := time.ParseDuration(s)
		if ok && err == nil && v >= 0 {
			to.SetInt(int64(v))
			return
		}
		want = `a time such as "3s" or "2h"`
	case kind == reflect.String:
		if v, ok := from.(string); ok {
			to.SetString(v)
			return
		}
		want = "a text"
	case kind == reflect.Bool:
		if v, ok := from.(bool); ok {
			to.SetBool(v)
			return
		}
		want = "true or false"
	case kind == reflect.Int || kind == reflect.Int64:
		if v, ok := from.(int64); ok && !to.OverflowInt(v) {
			to.SetInt(v)
			return
		}
		want = "a whole number"
	case kind == reflect.Float64:
		switch v := from.(type) {
		case float64:
			to.SetFloat(v)
			return
		case int64:
			to.SetFloat(float64(v))
			return
		}
		want = "a number"
	default:
		panic("strict: a field of type " + to.Type().String())
	}
	d.wrong(path, "%s must be %s, not %s", name(path), want, Describe(from))
}

func (d *decoder) table(path []string, from any, to reflect.Value) {
	table, ok := from.(map[string]any)
	if !ok {
		d.wrong(path, "%s must be a table, not %s", name(path), Describe(from))
		return
	}
	fields := d.fields(to.Type())
	for key, v := range table {
		at, ok := fields.at[key]
		if !ok {
			d.wrong(append(path, key), "unknown key %q%s", key, Hint(key, fields.known))
			continue
		}
		d.value(append(path, key), v, to.FieldByIndex(at))
	}
}

func (d *decoder) dictionary(path []string, from any, to reflect.Value) {
	table, ok := from.(map[string]any)
	if !ok {
		d.wrong(path, "%s must be a table, not %s", name(path), Describe(from))
		return
	}
	if to.IsNil() {
		to.Set(reflect.MakeMapWithSize(to.Type(), len(table)))
	}
	for key, v := range table {
		one := reflect.New(to.Type().Elem()).Elem()
		d.value(append(path, key), v, one)
		to.SetMapIndex(reflect.ValueOf(key).Convert(to.Type().Key()), one)
	}
}

func (d *decoder) list(path []string, from any, to reflect.Value) {
	list := reflect.ValueOf(from)
	if !list.IsValid() || list.Kind() != reflect.Slice {
		d.wrong(path, "%s must be a list, not %s", name(path), Describe(from))
		return
	}
	to.Set(reflect.MakeSlice(to.Type(), list.Len(), list.Len()))
	for i := range list.Len() {
		d.value(append(path, Index(i)), list.Index(i).Interface(), to.Index(i))
	}
}

// name is what a person calls the thing at a path.
func name(path []string) string {
	for i, p := range slices.Backward(path) {
		if !strings.HasPrefix(p, "#") {
			if i < len(path)-1 {
				return "each of " + p
			}
			return p
		}
	}
	return "the file"
}

// Describe says in plain words what a value of TOML is: "a text", "a list".
func Describe(v any) string {
	switch v.(type) {
	case string:
		return "a text"
	case bool:
		return "true or false"
	case int64, float64:
		return "a number"
	case time.Time:
		return "a date"
	case map[string]any:
		return "a table"
	}
	return "a list"
}
