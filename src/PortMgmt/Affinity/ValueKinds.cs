using System.Collections;
using System.Collections.Concurrent;
using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>Sorts types by what there is to look at in their values. Thread-safe.</summary>
internal sealed class ValueKinds
{
    private readonly ConcurrentDictionary<Type, object> _known = new();

    /// <summary>The kind of a value's type.</summary>
    public ValueKind Of(Type type) => (ValueKind)_known.GetOrAdd(type, static type => Find(type));

    // Collections of what is looked up or made on the way, a query or a file's lines, are left alone: looking would run them.
    private static ValueKind Find(Type type) => type switch
    {
        { IsPrimitive: true } or { IsEnum: true } => ValueKind.Leaf,
        _ when type == typeof(string) => ValueKind.Leaf,
        _ when typeof(ScriptBlock).IsAssignableFrom(type) => ValueKind.Block,
        _ when typeof(Delegate).IsAssignableFrom(type) => ValueKind.Delegate,
        _ when typeof(Type).IsAssignableFrom(type) => ValueKind.Type,
        _ when ScriptClass.Is(type) => ValueKind.ScriptClass,
        _ when ValueHolders.Is(type) => ValueKind.Holder,
        _ when typeof(IDictionary).IsAssignableFrom(type) => IsInert(type.GetGenericArguments()) && !ValueHolders.HasComparer(type) ? ValueKind.Leaf : ValueKind.Dictionary,
        _ when type.IsArray => IsInert([type.GetElementType()!]) ? ValueKind.Leaf : ValueKind.Collection,
        _ when IsCollection(type) => IsInert(type.GetGenericArguments()) && !ValueHolders.HasComparer(type) ? ValueKind.Leaf : ValueKind.Collection,
        _ when type == typeof(DictionaryEntry) || typeof(ITuple).IsAssignableFrom(type) || IsPair(type) => ValueKind.Pair,
        _ => ValueKind.Leaf,
    };

    private static bool IsCollection(Type type) =>
        typeof(IEnumerable).IsAssignableFrom(type) && type.Namespace?.StartsWith("System.Collections", StringComparison.Ordinal) == true;

    private static bool IsPair(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>);

    private static bool IsInert(Type[] types) => types.Length > 0 && types.All(static type => type.IsPrimitive || type.IsEnum || type == typeof(string));
}
