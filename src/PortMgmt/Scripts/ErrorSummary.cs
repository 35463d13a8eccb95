using System.Management.Automation;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>What the errors of one operation amount to; lines that a program wrote to its standard error are none.</summary>
internal sealed record ErrorSummary
{
    /// <summary>None at all.</summary>
    public static ErrorSummary None { get; } = new();

    /// <summary>How many there were, whether they ended anything or not.</summary>
    public int Count { get; init; }

    /// <summary>The first one; null for none.</summary>
    public ErrorRecord? First { get; init; }

    /// <summary>The one that makes the operation fail: what ended it, or else the first that counts although the block went on; null for none.</summary>
    public ErrorRecord? Failure { get; init; }

    /// <summary>With the error that ended the operation.</summary>
    public ErrorSummary With(ErrorRecord last) => this with { Count = Count + 1, First = First ?? last, Failure = last };
}
