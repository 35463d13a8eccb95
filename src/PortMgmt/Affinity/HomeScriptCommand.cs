using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Management.Automation.Remoting.Internal;
using System.Runtime.ExceptionServices;
using PortMgmt.PowerShell.Scripts;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>
/// Hands the call of a script on to the session that it belongs to, and waits for its end; in that session, calls it. What it writes
/// to other streams than its output comes before that.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "PortMgmtHomeScript")]
internal sealed class HomeScriptCommand : PSCmdlet
{
    public const string Name = "Invoke-PortMgmtHomeScript";

    private static readonly ScriptBlock Nothing = ScriptBlock.Create("");

    private volatile HomeCall? _call;

    [Parameter(Position = 0)]
    public HomeScript Script { get; set; } = null!;

    [Parameter(Position = 1)]
    public object? Self { get; set; }

    [Parameter(Position = 2)]
    public object? Under { get; set; }

    [Parameter(Position = 3)]
    public object?[] Arguments { get; set; } = [];

    protected override void EndProcessing()
    {
        if (!Script.TakesTurn)
        {
            Put(Script.Invoke(Self, Under, Arguments));
            return;
        }

        HomeScript? found = Script.ForCaller();
        if (found is null && Script.InvokeHere is { } here)
        {
            Put(here(Self is PSObject { BaseObject: { } self } ? self : Self, Arguments));
            return;
        }

        Script = found ?? Script;
        TurnGate gate = Script.Gate;
        while (!gate.TryEnter(null))
        {
            if (Stopping)
            {
                throw new PipelineStoppedException();
            }
        }

        try
        {
            Put(gate.IsHome ? Script.Invoke(Self, Under, Arguments) : HandOn(gate.Home));
        }
        finally
        {
            gate.Leave();
        }
    }

    protected override void StopProcessing() => _call?.Stop();

    private void Put(object? value)
    {
        if (value != AutomationNull.Value)
        {
            WriteObject(value, enumerateCollection: false);
        }
    }

    private object? HandOn(HomeThread home)
    {
        // What the operation has made belongs to its runspace, which waits for the script.
        var made = new OutputValues(new ValueKinds(), Nothing.Ast, new ConcurrentDictionary<string, bool>());
        object?[] arguments = [.. Arguments.Select(Unbind)];
        foreach (object? argument in arguments)
        {
            made.Unbind(argument);
        }

        var call = new HomeCall(() => Script.TakeObject(Self), () => Script.Invoke(Self, Under, arguments), value => Script.TakeOutput(value, Self));
        _call = call;
        if (Stopping)
        {
            call.Stop();
        }

        home.Run(call);
        foreach (object record in call.Written)
        {
            Write(record);
        }

        if (call.Failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return call.Value;
    }

    private static object? Unbind(object? argument) =>
        argument is ScriptBlock block ? BlockSyntax.Of(block).GetScriptBlock() : argument;

    private void Write(object record)
    {
        switch (record)
        {
            case ErrorRecord error:
                // With the position and the command that it had: WriteError would make it one of this cmdlet's own.
                new PSStreamObject(PSStreamObjectType.Error, error).WriteStreamObject(this, overrideInquire: false);
                break;
            case WarningRecord warning:
                WriteWarning(warning.Message);
                break;
            case VerboseRecord verbose:
                WriteVerbose(verbose.Message);
                break;
            case DebugRecord debug:
                WriteDebug(debug.Message);
                break;
            case InformationRecord information:
                WriteInformation(information);
                break;
        }
    }
}
