namespace PortMgmt.Metrics.Recording;

/// <summary>Counts operations by type: the first types to come each, all others together. Not thread-safe.</summary>
internal sealed class TypeTally
{
    public const int MaxTypes = 64;

    private readonly Dictionary<string, TypeCount> _types = new(StringComparer.Ordinal);
    private readonly TypeCount _others = new();

    /// <summary>Counts operations of a type.</summary>
    public void Add(string type, long ended, long failed, long ran, long serviceTicks) => Place(type).Add(ended, failed, ran, serviceTicks);

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

    private TypeCount Place(string type)
    {
        if (_types.TryGetValue(type, out TypeCount? known))
        {
            return known;
        }

        if (_types.Count == MaxTypes)
        {
            return _others;
        }

        known = new TypeCount();
        _types.Add(type, known);
        return known;
    }
}
