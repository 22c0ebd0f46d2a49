// Cases answers, line by line, what Kubernetes' own libraries make of patches, applies, bodies, quantities and
// selectors: a line {"case": …, "answer": …} for every case it reads. See README.md in e2e/src/test/python/upstream.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"k8s.io/client-go/applyconfigurations"
	"k8s.io/client-go/kubernetes/scheme"
	kjson "sigs.k8s.io/json"
)

const longestLine = 16 << 20

// A case is one of: a merge (original, patch), applies (steps), a body to decode, a text.
type question struct {
	Kind     []string
	Original map[string]any
	Patch    map[string]any
	Steps    []step
	Body     *string
	Text     *string
}

type step struct {
	Apply, Force bool
	Manager      string
	Object       json.RawMessage
}

type answer map[string]any

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, longestLine)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	converter := applyconfigurations.NewTypeConverter(scheme.Scheme)
	for in.Scan() {
		var asked question
		must(json.Unmarshal(in.Bytes(), &asked))
		said, err := json.Marshal(map[string]any{"case": json.RawMessage(in.Bytes()), "answer": reply(asked, converter)})
		must(err)
		out.Write(append(said, '\n'))
	}
	must(in.Err())
}

func reply(asked question, converter managedfields.TypeConverter) any {
	switch {
	case asked.Text != nil:
		return text(*asked.Text)
	case asked.Body != nil:
		return decoded(kind(asked), []byte(*asked.Body))
	case asked.Steps != nil:
		return applied(kind(asked), asked.Steps, converter)
	default:
		return merged(kind(asked), asked.Original, asked.Patch)
	}
}

func kind(asked question) schema.GroupVersionKind {
	return schema.GroupVersionKind{Group: asked.Kind[0], Version: asked.Kind[1], Kind: asked.Kind[2]}
}

func text(text string) answer {
	said := answer{}
	quantity, err := resource.ParseQuantity(text)
	put(said, "quantity", quantity.String(), err)
	label, err := labels.Parse(text)
	put(said, "labels", fmt.Sprint(label), err)
	field, err := fields.ParseSelector(text)
	put(said, "fields", fmt.Sprint(field), err)
	return said
}

func put(said answer, name, value string, err error) {
	if err != nil {
		said[name] = answer{"error": err.Error()}
	} else {
		said[name] = value
	}
}

func merged(kind schema.GroupVersionKind, original, patch map[string]any) (said answer) {
	defer func() {
		if panicked := recover(); panicked != nil {
			said = answer{"panic": fmt.Sprint(panicked)}
		}
	}()
	object, err := scheme.Scheme.New(kind)
	must(err)
	meta, err := strategicpatch.NewPatchMetaFromStruct(object)
	must(err)
	result, err := strategicpatch.StrategicMergeMapPatchUsingLookupPatchMeta(original, patch, meta)
	if err != nil {
		return answer{"error": err.Error()}
	}
	return answer{"object": result}
}

func applied(kind schema.GroupVersionKind, steps []step, converter managedfields.TypeConverter) []answer {
	known := scheme.Scheme
	manager, err := managedfields.NewDefaultFieldManager(converter, known, known, known, kind, kind.GroupVersion(), "", nil)
	must(err)
	live, err := known.New(kind)
	must(err)
	said := []answer{}
	for _, one := range steps {
		var result runtime.Object
		if one.Apply {
			wanted := &unstructured.Unstructured{}
			must(wanted.UnmarshalJSON(one.Object))
			result, err = manager.Apply(live.DeepCopyObject(), wanted, one.Manager, one.Force)
		} else {
			wanted, _ := known.New(kind)
			if err = json.Unmarshal(one.Object, wanted); err == nil {
				result, err = manager.Update(live.DeepCopyObject(), wanted, one.Manager)
			}
		}
		if err != nil {
			said = append(said, answer{"error": err.Error()})
			continue
		}
		live = result
		said = append(said, answer{"object": named(live, kind)})
	}
	return said
}

func decoded(kind schema.GroupVersionKind, body []byte) answer {
	object, err := scheme.Scheme.New(kind)
	must(err)
	strict, err := kjson.UnmarshalStrict(body, object)
	if err != nil {
		return answer{"error": err.Error()}
	}
	warnings := []string{}
	for _, warning := range strict {
		warnings = append(warnings, warning.Error())
	}
	said := answer{"object": named(object, kind), "warnings": warnings}
	serializer := protobuf.NewSerializer(scheme.Scheme, scheme.Scheme)
	var encoded bytes.Buffer
	if serializer.Encode(object, &encoded) == nil {
		again, _, err := serializer.Decode(encoded.Bytes(), nil, nil)
		must(err)
		said["protobuf"], said["again"] = encoded.Bytes(), named(again, kind)
	}
	return said
}

func named(object runtime.Object, kind schema.GroupVersionKind) json.RawMessage {
	object.GetObjectKind().SetGroupVersionKind(kind)
	text, err := json.Marshal(object)
	must(err)
	return text
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
