//! As much of JSON Schema as `docs/digest.schema.json` uses.

use serde_json::Value;

/// Returns every place at which `value` is not what `schema` says.
pub(crate) fn violations(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    look(schema, schema, value, "$", &mut found);
    found
}

fn look(root: &Value, schema: &Value, value: &Value, path: &str, found: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.trim_start_matches('#')).unwrap();
        return look(root, target, value, path, found);
    }
    if let Some(words) = schema["enum"].as_array() {
        if !words.contains(value) {
            found.push(format!("{path}: {value} is none of {words:?}"));
        }
        return;
    }
    let types = match &schema["type"] {
        Value::Array(types) => types.clone(),
        one => vec![one.clone()],
    };
    if !types.iter().any(|name| is_a(value, name.as_str().unwrap())) {
        found.push(format!("{path}: {value} is not {types:?}"));
        return;
    }
    if let Some(fields) = value.as_object() {
        for name in schema["required"].as_array().into_iter().flatten() {
            if !fields.contains_key(name.as_str().unwrap()) {
                found.push(format!("{path}: lacks {name}"));
            }
        }
        for (name, field) in fields {
            match schema["properties"].get(name) {
                Some(schema) => look(root, schema, field, &format!("{path}.{name}"), found),
                None => found.push(format!("{path}: {name} is not in the schema")),
            }
        }
    }
    for (at, one) in value.as_array().into_iter().flatten().enumerate() {
        look(root, &schema["items"], one, &format!("{path}[{at}]"), found);
    }
}

fn is_a(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "null" => value.is_null(),
        other => panic!("the schema names the type {other}"),
    }
}
