namespace PortMgmt.Advice;

/// <summary>Something in the figures that calls for a change.</summary>
/// <param name="Rule">The rule that found it, a stable name.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Evidence">The figures behind it.</param>
/// <param name="Recommendation">What to do.</param>
public sealed record OperationFinding(string Rule, FindingSeverity Severity, string Evidence, string Recommendation)
{
    /// <summary>The setting to change; null where none helps.</summary>
    public string? Parameter { get; init; }

    /// <summary>The setting's value to try; null where the figures do not tell.</summary>
    public object? SuggestedValue { get; init; }
}
