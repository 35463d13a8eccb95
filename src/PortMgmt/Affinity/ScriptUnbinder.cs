using System.Management.Automation;
using System.Management.Automation.Language;
using PortMgmt.Operations;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// Makes of the scripts of values those that operations may call in other runspaces: what they use of their session is noted, those that
/// change something take turns, and those that only their session can run go there. Used on the thread of the cmdlet.
/// </summary>
/// <param name="finder">Finds what scripts use.</param>
/// <param name="gate">Where they wait for their turn.</param>
/// <param name="check">Looks at the values of variables that scripts took along.</param>
/// <param name="isOutput">Whether it is what a script at home has put out.</param>
internal sealed class ScriptUnbinder(NeedsFinder finder, TurnGate gate, Action<object?, string> check, Func<bool> isOutput)
{
    /// <summary>The key of scripts that each belong to the object that they are called on.</summary>
    public static readonly Func<object, object> KeyOfOwner = Unbindings.Shared.OwnerKey;

    private static readonly HashSet<string> NoNames = [];

    /// <summary>The unbound scripts of members, which those of one text share: each would be compiled by itself.</summary>
    private readonly Dictionary<(Ast Script, SessionState? Session), ScriptBlock> _unbound = [];

    /// <summary>Another batch has unbound it, such as the one whose operation starts this one: what it uses goes on to this one's operations.</summary>
    public ScriptBlock Inherit(ScriptBlock script, string owner)
    {
        finder.Find(script.Ast, Unbindings.Shared.SessionOf(script), [], owner);
        return script;
    }

    /// <summary>Unbinds a script.</summary>
    /// <param name="script">The script, as it is bound to its session.</param>
    /// <param name="key">The object whose scripts take turns where they change that alone; <see cref="KeyOfOwner"/> for each its own.</param>
    /// <param name="name">What it is, for errors about what it took along.</param>
    /// <param name="owner">What it belongs to, for errors about what it does.</param>
    /// <exception cref="OperationException">It uses what cannot be handed on, and nobody is at home.</exception>
    public ScriptBlock Unbind(ScriptBlock script, object key, string name, string owner)
    {
        SessionState? session = EngineInternals.SessionOf(script);
        bool isOfAll = ReferenceEquals(key, KeyOfOwner);
        if (isOfAll && _unbound.TryGetValue((script.Ast, session), out ScriptBlock? known))
        {
            return known;
        }

        SessionUse use = FindUse(script, session, name, owner);
        ChangeReach reach = use == SessionUse.Sets ? ChangeReach.Session : LastingChanges.Of(script.Ast, NoNames);
        use = KeptBlocks.AreMadeBy(script.Ast) ? finder.Home.AtHomeForBlocks(owner) : use;
        RequireTurn(use == SessionUse.AtHome ? ChangeReach.Session : reach);
        HomeScript? home = use == SessionUse.AtHome || (use != SessionUse.None && HomeScript.IsThere && finder.IsOfCaller(session))
            ? HomeScript.Of(script, gate, isMember: isOfAll || key is PSMemberInfo) : null;
        ScriptBlock unbound = use == SessionUse.AtHome
            ? home!.HandOn(script.Ast.Extent)
            : ClosureBlock.Unbind(script, reach == ChangeReach.None ? null : gate, reach == ChangeReach.Object ? key : null, home);
        if (session is not null)
        {
            Unbindings.Shared.SetSession(unbound, session);
        }

        if (isOfAll)
        {
            _unbound.Add((script.Ast, session), unbound);
        }

        return unbound;
    }

    // What it uses of its session is noted, and what it took along looked at.
    private SessionUse FindUse(ScriptBlock script, SessionState? session, string name, string owner)
    {
        PSVariable[] captured = [.. ClosureBlock.Captured(script)];
        foreach (PSVariable variable in captured)
        {
            check(variable.Value, $"The variable ${variable.Name} of {name}");
        }

        SessionUse use = finder.Find(script.Ast, session, captured.Select(static variable => variable.Name), owner);
        if (use == SessionUse.Sets && !ClosureBlock.HasOneBody(BlockSyntax.Of(script)))
        {
            use = finder.Home.AtHome(owner, "sets variables of its session, for which operations take turns, and has parts of its own (begin, process, end)", HomeRule.HandOn);
        }

        if (ClosureBlock.NeedsModule(script, captured))
        {
            use = finder.Home.AtHome(owner, "is a closure that has its variables before its first statement (in param, begin, process, end)", HomeRule.HandOn);
        }

        return use;
    }

    // A batch that a script at home starts has its operations wait for that very script's turn.
    private void RequireTurn(ChangeReach reach)
    {
        if (reach != ChangeReach.None && !isOutput() && gate.IsHeldHere)
        {
            throw Unbindings.NoTurn();
        }
    }
}
