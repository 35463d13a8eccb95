using System.Management.Automation;
using System.Reflection;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// A variable of a worker's runspace that is one of the caller's: what is set here is set there. It can be removed without that one, which
/// the engine would empty otherwise.
/// </summary>
internal sealed class SharedVariable(PSVariable own) : PSVariable(own.Name)
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;

    private static readonly PropertyInfo? Inner = typeof(SessionState).GetProperty("Internal", Hidden);
    private static readonly MethodInfo? SetAtScope = Inner?.PropertyType.GetMethod(
        "SetVariableAtScope", Hidden, [typeof(PSVariable), typeof(string), typeof(bool), typeof(CommandOrigin)]);

    /// <summary>Whether the engine lets a variable be put into the global scope from within another, which no public member does.</summary>
    public static bool IsThere => SetAtScope is not null && !PublicEngineCalls.AreAskedFor;

    /// <inheritdoc/>
    public override object? Value
    {
        get => own.Value;
        set => own.Value = value;
    }

    /// <summary>Gives a session the caller's variable.</summary>
    public static void Provide(SessionState state, PSVariable own)
    {
        PSVariable? known = state.PSVariable.Get("global:" + own.Name);
        if (known is SharedVariable shared && shared.IsOf(own))
        {
            return;
        }

        if (known is not null)
        {
            state.PSVariable.Remove(known);
        }

        SetAtScope!.Invoke(Inner!.GetValue(state), [new SharedVariable(own), "global", true, CommandOrigin.Internal]);
    }

    private bool IsOf(PSVariable other) => own == other;
}
