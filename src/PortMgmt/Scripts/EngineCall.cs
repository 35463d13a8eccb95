using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Reflection;
using System.Reflection.Emit;
using PortMgmt.PowerShell.Affinity;

namespace PortMgmt.PowerShell.Scripts;

/// <summary>
/// The engine's own call of a block in a new scope without a pipeline around it, as ForEach-Object and Where-Object call theirs: output
/// is on its way as it comes, and errors end what they end by <c>&amp;</c>. No public member does it; an engine that has it otherwise is
/// left to <c>&amp;</c>.
/// </summary>
internal static class EngineCall
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;

    /// <summary>What the engine's enumeration calls WriteToCurrentErrorPipe.</summary>
    private const int ErrorsGoWhereTheyWould = 1;

    private static readonly string[] Expected =
    [
        "Boolean", "ErrorHandlingBehavior", "Object", "Object", "Object", "Pipe", "InvocationInfo", "Boolean", "List`1", "Dictionary`2", "Object[]",
    ];

    private static readonly Caller? Compiled = Compile();

    private static readonly PropertyInfo? Context = typeof(PSCmdlet).GetProperty("Context", Hidden);

    private static readonly ConstructorInfo? Script = Array.Find(
        typeof(ScriptInfo).GetConstructors(Hidden),
        static constructor => constructor.GetParameters().Select(static parameter => parameter.ParameterType.Name)
            .SequenceEqual(["String", "ScriptBlock", "ExecutionContext"]));

    private delegate void Caller(ScriptBlock block, object runtime, InvocationInfo position, object? input, object nothing);

    /// <summary>Whether this engine has it. A test can ask for what runs where one does not.</summary>
    public static bool IsThere => Compiled is not null && Context is not null && Script is not null
        && !PublicEngineCalls.AreAskedFor;

    /// <summary>Calls the block.</summary>
    /// <param name="block">A block without parameters and parts; belongs to no runspace.</param>
    /// <param name="runtime">The runtime of the cmdlet that calls, which takes the output.</param>
    /// <param name="position">What the block finds as the place where it was called.</param>
    /// <param name="input">Its <c>$_</c>.</param>
    public static void Invoke(ScriptBlock block, ICommandRuntime runtime, InvocationInfo position, object? input) =>
        Compiled!(block, runtime, position, input, AutomationNull.Value);

    /// <summary>What functions find of a block that calls them: the same command without a name that <c>&amp;</c> makes of it, at the block's place.</summary>
    /// <param name="cmdlet">The cmdlet that calls, in the runspace where the block runs.</param>
    /// <param name="block">The block.</param>
    public static InvocationInfo Describe(PSCmdlet cmdlet, ScriptBlock block) =>
        InvocationInfo.Create((ScriptInfo)Script!.Invoke(["", block, Context!.GetValue(cmdlet)]), block.Ast.Extent);

    private static Caller? Compile()
    {
        MethodInfo? invoke = typeof(ScriptBlock).GetMethod("InvokeWithPipe", Hidden);
        Type? runtime = typeof(PSCmdlet).Assembly.GetType("System.Management.Automation.MshCommandRuntime");
        MethodInfo? output = runtime?.GetProperty("OutputPipe", Hidden)?.GetMethod;
        if (invoke is null || runtime is null || output is null || !invoke.GetParameters().Select(static parameter => parameter.ParameterType.Name).SequenceEqual(Expected))
        {
            return null;
        }

        var method = new DynamicMethod(
            "", null, [typeof(ScriptBlock), typeof(object), typeof(InvocationInfo), typeof(object), typeof(object)], typeof(ScriptBlock), skipVisibility: true);
        ILGenerator code = method.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldc_I4_1);
        code.Emit(OpCodes.Ldc_I4, ErrorsGoWhereTheyWould);
        code.Emit(OpCodes.Ldarg_3);
        code.Emit(OpCodes.Ldarg_S, (byte)4);
        code.Emit(OpCodes.Ldarg_S, (byte)4);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Castclass, runtime);
        code.Emit(OpCodes.Callvirt, output);
        code.Emit(OpCodes.Ldarg_2);
        code.Emit(OpCodes.Ldc_I4_0);
        code.Emit(OpCodes.Ldnull);
        code.Emit(OpCodes.Ldnull);
        code.Emit(OpCodes.Ldnull);
        code.Emit(OpCodes.Callvirt, invoke);
        code.Emit(OpCodes.Ret);
        return method.CreateDelegate<Caller>();
    }
}
