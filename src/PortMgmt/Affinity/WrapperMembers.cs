using System.Management.Automation;
using System.Reflection;
using System.Reflection.Emit;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// Gives a wrapper a member that is not the value's: what is added by public means is the value's own from then on, in whatever wrapper,
/// and values are the caller's. An engine that keeps members otherwise has none of it.
/// </summary>
internal static class WrapperMembers
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;

    private static readonly Action<PSObject, PSMemberInfo>? Compiled = Compile();

    /// <summary>Adds a member to a new wrapper.</summary>
    /// <returns>False where the engine does not have it.</returns>
    public static bool TryAdd(PSObject wrapper, PSMemberInfo member)
    {
        if (Compiled is null || PublicEngineCalls.AreAskedFor)
        {
            return false;
        }

        Compiled(wrapper, member);
        return true;
    }

    private static Action<PSObject, PSMemberInfo>? Compile()
    {
        FieldInfo? field = typeof(PSObject).GetField("_instanceMembers", Hidden);
        ConstructorInfo? members = field?.FieldType.GetConstructor(Hidden, []);
        if (field is null || members is null || !field.FieldType.IsSubclassOf(typeof(PSMemberInfoCollection<PSMemberInfo>)))
        {
            return null;
        }

        var method = new DynamicMethod("", null, [typeof(PSObject), typeof(PSMemberInfo)], typeof(PSObject), skipVisibility: true);
        ILGenerator code = method.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Newobj, members);
        code.Emit(OpCodes.Dup);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Callvirt, typeof(PSMemberInfoCollection<PSMemberInfo>).GetMethod(nameof(PSMemberInfoCollection<>.Add), [typeof(PSMemberInfo)])!);
        code.Emit(OpCodes.Stfld, field);
        code.Emit(OpCodes.Ret);
        return method.CreateDelegate<Action<PSObject, PSMemberInfo>>();
    }
}
