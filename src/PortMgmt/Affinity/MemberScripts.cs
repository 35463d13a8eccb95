using System.Management.Automation;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>The scripts of a member.</summary>
internal static class MemberScripts
{
    /// <summary>All of them.</summary>
    public static IEnumerable<(MemberScript Which, ScriptBlock Script)> All(PSMemberInfo member)
    {
        MemberScript[] all = member is PSScriptMethod ? [MemberScript.Method] : [MemberScript.Getter, MemberScript.Setter];
        return all.Select(which => (which, EngineInternals.ReadScript(member, which)!)).Where(static pair => pair.Item2 is not null);
    }

    /// <summary>Those that belong to a session.</summary>
    public static IEnumerable<(MemberScript Which, ScriptBlock Script)> Bound(PSMemberInfo member) =>
        All(member).Where(static pair => EngineInternals.IsBound(pair.Script));
}
