// Program definitions prints what k8s.io/apiextensions-apiserver publishes of custom resource definitions (JSON files
// with their defaults, as a server returns them): {"v2": the description of all, "v3": one for each group and version}.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	v1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/controller/openapi/builder"
	"k8s.io/kube-openapi/pkg/spec3"
	"k8s.io/kube-openapi/pkg/validation/spec"
)

func main() {
	v3 := map[string][]*spec3.OpenAPI{}
	var v2 []*spec.Swagger
	for _, f := range os.Args[1:] {
		b, err := os.ReadFile(f)
		if err != nil {
			panic(err)
		}
		crd := &v1.CustomResourceDefinition{}
		if err := json.Unmarshal(b, crd); err != nil {
			panic(err)
		}
		for _, v := range crd.Spec.Versions {
			if !v.Served {
				continue
			}
			s3, err := builder.BuildOpenAPIV3(crd, v.Name, builder.Options{V2: false, IncludeSelectableFields: true})
			if err != nil {
				panic(err)
			}
			k := crd.Spec.Group + "/" + v.Name
			v3[k] = append(v3[k], s3)
			s2, err := builder.BuildOpenAPIV2(crd, v.Name, builder.Options{V2: true, IncludeSelectableFields: true})
			if err != nil {
				panic(err)
			}
			v2 = append(v2, s2)
		}
	}
	out := map[string]interface{}{}
	m3 := map[string]interface{}{}
	for k, s := range v3 {
		m, err := builder.MergeSpecsV3(s...)
		if err != nil {
			panic(err)
		}
		m3[k] = m
	}
	out["v3"] = m3
	base := &spec.Swagger{}
	m2, err := builder.MergeSpecs(base, v2...)
	if err != nil {
		panic(err)
	}
	out["v2"] = m2
	j, err := json.Marshal(out)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(j))
}
