using PortMgmt.Operations;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>What becomes of a script that only the session can run which it comes from: it runs there, or is refused where nobody is at home.</summary>
/// <param name="isAttended">The thread of the session waits for the batch.</param>
internal sealed class HomeRule(bool isAttended)
{
    /// <summary>The way out where a value keeps what would belong to another runspace.</summary>
    public const string HandOn = "hand the value on as what the block puts out";

    /// <summary>The way out where two things have one name.</summary>
    public const string RenameOne = "give the two different names";

    /// <summary>Scripts may run in the session itself.</summary>
    public bool HasHome => isAttended && HomeScript.IsThere;

    /// <summary>It runs in the session itself, or is refused where nobody is at home.</summary>
    /// <param name="owner">What the script belongs to.</param>
    /// <param name="what">What it does.</param>
    /// <param name="wayOut">What to do instead.</param>
    /// <exception cref="OperationException">Nobody is at home.</exception>
    public SessionUse AtHome(string owner, string what, string wayOut) => HasHome ? SessionUse.AtHome : throw Refusal(owner, what, wayOut);

    /// <summary>The same for one that changes something and makes a script block.</summary>
    public SessionUse AtHomeForBlocks(string owner) =>
        AtHome(owner, "changes something and makes a script block that it may keep, which would belong to the runspace of the operation", HandOn);

    private OperationException Refusal(string owner, string what, string wayOut) => new(
        OperationErrorCode.InvalidScriptBlockValue,
        $"{char.ToUpperInvariant(owner[0])}{owner[1..]} {what}: {wayOut}, {(isAttended ? "" : "leave out -AsJob, so that its session waits for it, ")}or make the object in the block.");
}
