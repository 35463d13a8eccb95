using System.Management.Automation;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// A delegate that the engine made of a script block: it has the block among the constants of its compiled code, and reads it there at
/// each call. The type that has those is in no reference assembly.
/// </summary>
internal static class BlockDelegate
{
    /// <summary>Whether one of what the delegate calls is a script block.</summary>
    public static bool Is(Delegate made) => Constants(made).Any();

    /// <summary>The constants of all that the delegate calls and that is a script block.</summary>
    public static IEnumerable<object?[]> Constants(Delegate made)
    {
        foreach (Delegate called in made.GetInvocationList())
        {
            if (called.Target is { } target && target.GetType().FullName == "System.Runtime.CompilerServices.Closure"
                && target.GetType().GetField("Constants")?.GetValue(target) is object?[] constants
                && constants.Any(static constant => constant is ScriptBlock))
            {
                yield return constants;
            }
        }
    }

    /// <summary>The blocks among constants, with their places.</summary>
    public static IEnumerable<(int Index, ScriptBlock Block)> Blocks(object?[] constants) =>
        from index in Enumerable.Range(0, constants.Length)
        let block = constants[index] as ScriptBlock
        where block is not null
        select (index, block);

    /// <summary>Those of them that belong to a session.</summary>
    public static IEnumerable<(int Index, ScriptBlock Block)> Bound(object?[] constants) =>
        Blocks(constants).Where(static pair => EngineInternals.IsBound(pair.Block));
}
