using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Management.Automation.Language;
using PortMgmt.Operations;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// The classes of a batch's values: what their methods use of their session is found, and those that change something are guarded for
/// as long as the batch has them. Used on the thread of the cmdlet.
/// </summary>
/// <param name="caller">The session of whoever called the cmdlet.</param>
/// <param name="finder">Finds what methods use.</param>
/// <param name="gate">Where methods wait for their turn.</param>
/// <param name="takeOutput">Takes what methods return that run at home.</param>
/// <param name="taken">Where what was taken is noted.</param>
internal sealed class BoundClasses(SessionState caller, NeedsFinder finder, TurnGate gate, Action<object?> takeOutput, List<object> taken)
{
    private readonly HashSet<Type> _guarded = [];

    /// <summary>Takes a class, for the whole batch.</summary>
    /// <param name="type">The class.</param>
    /// <param name="session">The session that the methods belong to; null for the caller's.</param>
    /// <exception cref="OperationException">A method cannot be used in another runspace.</exception>
    public void Take(ScriptClass type, object? session)
    {
        SessionState? home = EngineInternals.SessionOf(session);
        Dictionary<FunctionMemberAst, SessionUse> uses = [];
        foreach (FunctionMemberAst method in type.Methods)
        {
            uses[method] = finder.Find(method, home, [], NameOf(method));
        }

        if (_guarded.Add(type.Type))
        {
            Guard(type, uses, session ?? EngineInternals.InternalOf(caller));
        }

        ScriptClass.ReleaseStatics(type.Type);
    }

    // Methods that change something, as one at a time would on the session's own thread, or on that very thread. That may be in another
    // session, such as a module's, when it calls one itself.
    private void Guard(ScriptClass type, Dictionary<FunctionMemberAst, SessionUse> uses, object? session)
    {
        Dictionary<FunctionMemberAst, ChangeReach> changing = LastingChanges.Among(type.Methods, uses.Keys.Where(method => uses[method] > SessionUse.Reads));
        bool hasHome = HomeScript.IsThere && finder.IsOfCaller(EngineInternals.SessionOf(session));
        foreach ((ScriptBlockMemberMethodWrapper wrapper, FunctionMemberAst method) in type.Wrappers)
        {
            ChangeReach reach = changing.GetValueOrDefault(method);
            SessionUse use = uses.GetValueOrDefault(method);
            bool isAtHome = use == SessionUse.AtHome;
            bool goesHome = isAtHome || (hasHome && use != SessionUse.None);
            if (reach == ChangeReach.None && !goesHome)
            {
                continue;
            }

            if (MethodBody.IsThere)
            {
                HomeScript? home = goesHome ? HomeScript.Of(wrapper, method, session, gate, takeOutput) : null;
                Unbindings.Shared.Take(wrapper, gate, () => isAtHome ? home!.Replace(wrapper, method) : GuardedScript.Guard(wrapper, method, reach, gate, home));
                taken.Add(wrapper);
            }
            else if (use > SessionUse.Reads)
            {
                throw new OperationException(
                    OperationErrorCode.InvalidScriptBlockValue,
                    $"M{NameOf(method)[1..]} sets variables of its session, for which operations take turns, and this PowerShell does not let methods take turns: hand the value on as what the block puts out.");
            }
        }
    }

    private static string NameOf(FunctionMemberAst method) => $"method '{method.Name}' of class {(method.Parent as TypeDefinitionAst)?.Name}";
}
