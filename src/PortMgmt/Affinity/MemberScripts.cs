using System.Management.Automation;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>The scripts of a member that belong to a session.</summary>
internal static class MemberScripts
{
    public static IEnumerable<(MemberScript Which, ScriptBlock Script)> Bound(PSMemberInfo member)
    {
        MemberScript[] all = member is PSScriptMethod ? [MemberScript.Method] : [MemberScript.Getter, MemberScript.Setter];
        return all.Select(which => (which, EngineInternals.ReadScript(member, which)!))
            .Where(static pair => pair.Item2 is not null && EngineInternals.IsBound(pair.Item2));
    }
}
