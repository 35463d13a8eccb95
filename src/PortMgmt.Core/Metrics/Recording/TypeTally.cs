using System.Runtime.InteropServices;

namespace PortMgmt.Metrics.Recording;

/// <summary>Counts operations by type: the first types to come each, all others together. Not thread-safe.</summary>
internal sealed class TypeTally
{
    public const int MaxTypes = 64;

    private readonly Dictionary<string, TypeCount> _types = new(StringComparer.Ordinal);
    private TypeCount _others;

    /// <summary>Counts operations of a type.</summary>
    public void Add(string type, in TypeCount count) => Place(type).Add(count);

    /// <summary>Adds what this one counted to another.</summary>
    public void AddTo(TypeTally other)
    {
        foreach ((string type, TypeCount count) in _types)
        {
            other.Place(type).Add(count);
        }

        other._others.Add(_others);
    }

    /// <summary>The figures, the type with the most operations first.</summary>
    public List<OperationTypeCounts> ToFigures()
    {
        IEnumerable<OperationTypeCounts> types = _types.Select(type => ToFigures(type.Key, type.Value))
            .OrderByDescending(type => type.Ended).ThenBy(type => type.Type, StringComparer.Ordinal);
        return [.. _others.Ended > 0 ? types.Append(ToFigures(null, _others)) : types];
    }

    private static OperationTypeCounts ToFigures(string? type, TypeCount count) => new(type)
    {
        Ended = count.Ended,
        Failed = count.Failed,
        Ran = count.Ran,
        MeanDuration = count.Ran == 0 ? TimeSpan.Zero : new TimeSpan(count.ServiceTicks / count.Ran),
    };

    private ref TypeCount Place(string type)
    {
        if (_types.Count < MaxTypes)
        {
            return ref CollectionsMarshal.GetValueRefOrAddDefault(_types, type, out _)!;
        }

        ref TypeCount known = ref CollectionsMarshal.GetValueRefOrNullRef(_types, type);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref known))
        {
            return ref _others;
        }

        return ref known;
    }
}
