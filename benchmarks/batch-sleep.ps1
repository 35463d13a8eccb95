<#
.SYNOPSIS
    How close operations that wait come to the ideal time: waits of 10 ms, four and a hundred at a time.
.DESCRIPTION
    Ratio is the time taken divided by Count * 10 ms / limit. The floor, measured first, is what waits of 10 ms take that have
    nothing around them: one after another in this runspace, and on that many bare threads. Warm means that the same batch ran
    before; second, that one operation for each worker did, so that runspaces are open and nothing else is. Else they are
    cold: the floor is then as many bare runspaces, each opened by a thread of its own, with its share of the same block in a
    loop; once as the engine makes them, and once with one table of types and one of formats for all. BeyondMs is the p99
    of the total latency, less what the limit imposes: the turns that the last of those that may be in a batch at once (1024)
    has to wait for, at the mean of what an operation took.
    Build the module first: ./build.ps1 -Task Build, Precompile.
.EXAMPLE
    ./benchmarks/batch-sleep.ps1 -Count 10000
#>
[CmdletBinding()]
param(
    [ValidateRange(100, 1000000)]
    [int] $Count = 2000,

    [ValidateRange(1, 100)]
    [int] $Samples = 1
)

$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'BatchPeers.ps1')

$threads = @'
using System.Diagnostics;
using System.Threading;

public static class BareThreads
{
    public static double Milliseconds(int count, int waits)
    {
        var clock = Stopwatch.StartNew();
        var threads = new Thread[count];
        for (int i = 0; i < count; i++)
        {
            threads[i] = new Thread(() => { for (int j = 0; j < waits; j++) Thread.Sleep(10); });
            threads[i].Start();
        }
        foreach (Thread thread in threads)
            thread.Join();
        return clock.Elapsed.TotalMilliseconds;
    }
}
'@
Add-Type -TypeDefinition $threads

$runspaces = @'
using System.Collections.ObjectModel;
using System.Linq;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Threading;

public static class BareRunspaces
{
    public static PSObject[] Run(int count, int each, bool sharesTables, string block)
    {
        var state = InitialSessionState.CreateDefault();
        if (sharesTables)
        {
            state.Types.Clear();
            state.Types.Add(new SessionStateTypeEntry(TypeTable.LoadDefaultTypeFiles()));
            state.Formats.Clear();
            state.Formats.Add(new SessionStateFormatEntry(FormatTable.LoadDefaultFormatFiles()));
        }
        var outputs = new Collection<PSObject>[count];
        var threads = new Thread[count];
        for (int i = 0; i < count; i++)
        {
            int own = i;
            threads[i] = new Thread(() =>
            {
                Runspace runspace = RunspaceFactory.CreateRunspace(state);
                runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
                runspace.Open();
                using (var shell = PowerShell.Create())
                {
                    shell.Runspace = runspace;
                    outputs[own] = shell.AddScript("foreach ($_ in 1.." + each + ") { " + block + " }").Invoke();
                }
            });
            threads[i].Start();
        }
        foreach (Thread thread in threads)
            thread.Join();
        return outputs.SelectMany(output => output).ToArray();
    }
}
'@
$prepareBare = "Add-Type -TypeDefinition @'`n$runspaces`n'@"
$floors = [ordered]@{ 'floor: bare runspaces' = '$false'; 'floor: bare runspaces that share tables' = '$true' }
foreach ($floor in $floors.GetEnumerator()) {
    $BatchPeers[$floor.Key] = @{ Module = 'Microsoft.PowerShell.Utility'; Run = "[BareRunspaces]::Run(LIMIT, COUNT / LIMIT, $($floor.Value), 'BLOCK')" }
}

function Measure-Loop {
    param([scriptblock] $Wait)
    & $Wait
    (Measure-Command { for ($i = 0; $i -lt 100; $i++) { & $Wait } }).TotalMilliseconds / 100
}

function New-Floor {
    param([string] $Command, [int] $AtOnce, [double] $WaitMs)
    [pscustomobject]@{ Command = $Command; AtOnce = $AtOnce; WallMs = [math]::Round($Count / $AtOnce * $WaitMs); CpuMs = $null; Ratio = [math]::Round($WaitMs / 10, 3); BeyondMs = $null }
}

New-Floor -Command 'floor: Start-Sleep, one runspace' -AtOnce 1 -WaitMs (Measure-Loop { Start-Sleep -Milliseconds 10 })
New-Floor -Command 'floor: Thread.Sleep, one runspace' -AtOnce 1 -WaitMs (Measure-Loop { [System.Threading.Thread]::Sleep(10) })
foreach ($limit in 4, 100) {
    New-Floor -Command 'floor: Thread.Sleep, bare threads' -AtOnce $limit -WaitMs ([BareThreads]::Milliseconds($limit, 100) / 100)
}

$cmdlet = 'Start-Sleep -Milliseconds 10; 1'
$call = '[System.Threading.Thread]::Sleep(10); 1'
$open = '$null = 1..LIMIT | Start-OperationBatch -MaxConcurrent LIMIT -BatchSize 1 { Start-Sleep -Milliseconds 500 }'
$warm = '$null = 1..COUNT | Start-OperationBatch -MaxConcurrent LIMIT { BLOCK }'
$beyond = '$total = $results | ForEach-Object -Process { ($_.QueueTime + $_.Duration).TotalMilliseconds } | Sort-Object
$turn = ($results.Duration.TotalMilliseconds | Measure-Object -Average).Average
$total[[math]::Floor(0.99 * ($total.Count - 1))] - $turn * [math]::Min($total.Count, 1024) / LIMIT'
$contenders = foreach ($limit in 4, 100) {
    $opened = $open.Replace('LIMIT', $limit)
    $warmed = $warm.Replace('LIMIT', $limit).Replace('COUNT', [math]::Min($Count, 100 * $limit))
    $say = $beyond.Replace('LIMIT', $limit)
    @{ Label = "Start-OperationBatch, warm @$limit"; Peer = 'Start-OperationBatch'; Block = $cmdlet; Prepare = $warmed.Replace('BLOCK', $cmdlet); Say = $say }
    @{ Label = "Start-OperationBatch, warm, Thread.Sleep @$limit"; Peer = 'Start-OperationBatch'; Block = $call; Prepare = $warmed.Replace('BLOCK', $call); Say = $say }
    @{ Label = "Start-OperationBatch, second @$limit"; Peer = 'Start-OperationBatch'; Block = $cmdlet; Prepare = $opened; Say = $say }
    @{ Label = "Start-OperationBatch @$limit"; Peer = 'Start-OperationBatch'; Block = $cmdlet; Say = $say }
    foreach ($floor in $floors.Keys) {
        @{ Label = "$floor @$limit"; Peer = $floor; Block = $cmdlet; Prepare = $prepareBare }
    }
    if ($limit -eq 4) {
        @{ Label = "Split-Pipeline @$limit"; Peer = 'Split-Pipeline'; Block = $cmdlet }
    }
    @{ Label = "Invoke-Parallel @$limit"; Peer = 'Invoke-Parallel'; Block = $cmdlet }
    @{ Label = "ForEach-Object -Parallel @$limit"; Peer = 'ForEach-Object -Parallel'; Block = $cmdlet }
}
$contenders | ForEach-Object -Process { $_.Count = $Count; $_.Limit = [int] $_.Label.Split('@')[1] }
foreach ($row in Measure-Contender -Contender $contenders -Samples $Samples) {
    [pscustomobject]@{
        Command  = $row.Label.Split(' @')[0]
        AtOnce   = $row.Limit
        WallMs   = [math]::Round($row.WallMs)
        CpuMs    = [math]::Round($row.CpuMs)
        Ratio    = [math]::Round($row.WallMs * $row.Limit / $Count / 10, 3)
        BeyondMs = if ($null -ne $row.Said) { [math]::Round($row.Said, 1) }
    }
}
