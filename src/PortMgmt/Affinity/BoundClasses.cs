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
/// <param name="isOutput">Whether it is what a script at home has put out.</param>
/// <param name="taken">Where what was taken is noted.</param>
internal sealed class BoundClasses(SessionState caller, NeedsFinder finder, TurnGate gate, Func<bool> isOutput, List<object> taken)
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
            uses[method] = Find(method, home, NameOf(method));
        }

        HashSet<string> initialized = InitializedAtHome(type, home);
        if (_guarded.Add(type.Type))
        {
            Guard(type, uses, initialized, session ?? EngineInternals.InternalOf(caller));
        }

        type.ReleaseStatics();
    }

    private SessionUse Find(Ast script, SessionState? home, string name)
    {
        SessionUse use = finder.Find(script, home, [], name);
        return use < SessionUse.AtHome && KeptBlocks.AreMadeBy(script) ? finder.Home.AtHomeForBlocks(name) : use;
    }

    // The classes whose constructors run at home, since the initial values of their properties change something: they come before any turn.
    private HashSet<string> InitializedAtHome(ScriptClass type, SessionState? home)
    {
        HashSet<string> found = new(StringComparer.OrdinalIgnoreCase);
        foreach (TypeDefinitionAst definition in type.Definitions)
        {
            foreach (PropertyMemberAst property in definition.Members.OfType<PropertyMemberAst>().Where(static property => property is { InitialValue: not null, IsStatic: false }))
            {
                SessionUse use = Find(property.InitialValue, home, $"property '{property.Name}' of class {definition.Name}");
                if (finder.Home.HasHome && (use > SessionUse.Reads || LastingChanges.Of(property.InitialValue, new HashSet<string>()) == ChangeReach.Session))
                {
                    found.Add(definition.Name);
                }
            }
        }

        return found;
    }

    // Methods that change something, as one at a time would on the session's own thread, or on that very thread. That may be in another
    // session, such as a module's, when it calls one itself.
    private void Guard(ScriptClass type, Dictionary<FunctionMemberAst, SessionUse> uses, HashSet<string> initialized, object? session)
    {
        Dictionary<FunctionMemberAst, ChangeReach> changing = LastingChanges.Among(type.Methods, uses.Keys.Where(method => uses[method] > SessionUse.Reads));
        bool hasHome = HomeScript.IsThere && IsOfCaller(session);
        foreach ((ScriptBlockMemberMethodWrapper wrapper, FunctionMemberAst method) in type.Wrappers)
        {
            ChangeReach reach = changing.GetValueOrDefault(method);
            bool initializes = method is { IsConstructor: true, IsStatic: false } && initialized.Contains(method.Name);
            SessionUse use = initializes ? SessionUse.AtHome : uses.GetValueOrDefault(method);
            bool goesHome = use == SessionUse.AtHome || (hasHome && use != SessionUse.None);
            if (reach == ChangeReach.None && !goesHome)
            {
                continue;
            }

            if (MethodBody.IsThere)
            {
                HomeScript? home = goesHome ? HomeScript.Of(wrapper, method, session, gate, initializes) : null;
                bool isAtHome = use == SessionUse.AtHome;
                Take(
                    wrapper,
                    isAtHome ? () => home!.Replace(wrapper, method, !initializes) : () => GuardedScript.Guard(wrapper, method, reach, gate, home),
                    isAtHome && IsOfCaller(session) ? home : null);
            }
            else if (use > SessionUse.Reads)
            {
                throw new OperationException(
                    OperationErrorCode.InvalidScriptBlockValue,
                    $"M{NameOf(method)[1..]} sets variables of its session, for which operations take turns, and this PowerShell does not let methods take turns: hand the value on as what the block puts out.");
            }
        }

        foreach ((ScriptBlockMemberMethodWrapper wrapper, Ast generated) in type.Generated)
        {
            if (MethodBody.IsThere && generated.Parent is TypeDefinitionAst definition && initialized.Contains(definition.Name))
            {
                FunctionMemberAst made = MethodBody.DefaultConstructor(definition, generated);
                var home = HomeScript.Of(wrapper, made, session, gate, initializes: true);
                Take(wrapper, () => home.Replace(wrapper, made, initializes: false), IsOfCaller(session) ? home : null);
            }
        }
    }

    private void Take(ScriptBlockMemberMethodWrapper wrapper, Func<Action> guard, HomeScript? home)
    {
        if (gate.IsHeldHere && !isOutput())
        {
            throw Unbindings.NoTurn();
        }

        Unbindings.Shared.Take(wrapper, gate, guard, home);
        taken.Add(wrapper);
    }

    private bool IsOfCaller(object? session) => finder.IsOfCaller(EngineInternals.SessionOf(session));

    private static string NameOf(FunctionMemberAst method) => $"method '{method.Name}' of class {(method.Parent as TypeDefinitionAst)?.Name}";
}
