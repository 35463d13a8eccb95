BeforeDiscovery {
    # Every kind of object that cmdlets write: how to get one, and what a reader of its file, mail or job needs of it.
    $Kinds = @(
        @{ Kind = 'OperationResult'; Text = 'StatusText'; Value = 'Failed'; Needs = 'ErrorMessage', 'DurationMs', 'QueueMs', 'ExitCode', 'HadErrors' }
        @{ Kind = 'OperationResult of a hand-off'; Text = 'StatusText'; Value = 'Succeeded'; Needs = 'Input', 'Output', 'Count' }
        @{ Kind = 'PortLease'; Text = 'StateText'; Value = 'Active'; Needs = 'Port', 'Name', 'ExpiresAt', 'Token', 'Warnings' }
        @{ Kind = 'PortLease with its listener'; Text = 'StateText'; Value = 'Active'; Needs = 'Port', 'Listener', 'ListenerMismatch' }
        @{ Kind = 'PortAvailability'; Text = 'ReasonText'; Value = 'Leased'; Needs = 'Port', 'Available', 'Message', 'Lease' }
        @{ Kind = 'PortListener'; Text = 'ProtocolText'; Value = 'Tcp'; Needs = 'Port', 'AddressText', 'Id' }
        @{ Kind = 'StalePort'; Text = 'ProtocolText'; Value = 'Tcp'; Needs = 'Port', 'Reason', 'CreatedAt' }
        @{ Kind = 'PortEnvironmentVariable'; Text = 'ProtocolText'; Value = 'Udp'; Needs = 'Variable', 'Port', 'Name', 'Scope', 'OwnerProcessId' }
        @{ Kind = 'PortPolicy'; Text = $null; Needs = 'DefaultRange', 'Exclude', 'Reservations' }
        @{ Kind = 'PortRegistryStatus'; Text = 'SourceText'; Value = 'Environment'; Needs = 'Directory', 'ActiveLeases', 'Problems' }
        @{ Kind = 'Daemon'; Text = 'FailOnText'; Value = 'Statement'; Needs = 'Name', 'MaxConcurrent', 'BatchFlushMs', 'StuckRunspaces' }
        @{ Kind = 'OperationMetrics'; Text = $null; Needs = 'Daemon', 'P99Ms', 'QueueP50Ms', 'ServiceP95Ms', 'SuccessRate' }
        @{ Kind = 'OperationHealth'; Text = $null; Needs = 'Daemon', 'IsRunning', 'Stuck' }
        @{ Kind = 'OperationFinding'; Text = 'SeverityText'; Value = 'Warning'; Needs = 'Daemon', 'Rule', 'Recommendation' }
        @{ Kind = 'DaemonTuning'; Text = $null; Needs = 'Daemon', 'MaxConcurrent', 'BatchFlushMs', 'Reasons', 'IsReachable' }
        @{ Kind = 'OperationEvent'; Text = 'StatusText'; Value = 'Succeeded'; Needs = 'Name', 'Timestamp', 'ErrorMessage', 'DurationMs' }
        @{ Kind = 'ClusterNode'; Text = 'ConditionText'; Value = 'Unhealthy'; Needs = 'NodeId', 'Types', 'Reason' }
        @{ Kind = 'ClusterWorkerState'; Text = 'ConditionText'; Value = 'Unhealthy'; Needs = 'Type', 'Reason' }
        @{ Kind = 'FailedOperationInfo'; Text = $null; Needs = 'Type', 'Id', 'Error', 'ErrorCode', 'Input', 'FailedAt' }
    )
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')

    # As a node and a broker would say it: there is none here.
    function New-ClusterObject {
        $worker = [PortMgmt.Cluster.ClusterWorkerState]::new()
        @{ Type = 'web'; MaxConcurrent = 4; Condition = 'Unhealthy'; Reason = 'no room left' }.GetEnumerator() |
            ForEach-Object -Process { $worker.($_.Key) = $_.Value }
        $node = [PortMgmt.Cluster.ClusterNode]::new()
        @{ NodeId = 'a'; ClusterId = 'c'; Host = 'h'; ProcessId = 1; Timestamp = [DateTimeOffset]::UtcNow; Workers = [PortMgmt.Cluster.ClusterWorkerState[]] @($worker) }.GetEnumerator() |
            ForEach-Object -Process { $node.($_.Key) = $_.Value }
        $worker
        $node
        $failed = [System.Activator]::CreateInstance([PortMgmt.Cluster.ClusterNode].Assembly.GetType('PortMgmt.Cluster.FailedOperation'))
        @{
            OperationId = 'x'; BatchId = 'b'; Type = 'web'; Error = 'no luck'; ErrorCode = 'OperationFailed'; NodeId = 'a'
            FailedAt = [DateTimeOffset]::UtcNow; CanReplay = $true; Input = [System.ReadOnlyMemory[byte]] [System.Text.Encoding]::UTF8.GetBytes('["a","b"]')
        }.GetEnumerator() | ForEach-Object -Process { $failed.($_.Key) = $_.Value }
        $info = [PortMgmt.PowerShell.Execution.OperationResult].Assembly.GetType('PortMgmt.PowerShell.Cluster.FailedOperationInfo')
        $info.GetConstructors([System.Reflection.BindingFlags] 'Instance, NonPublic')[0].Invoke(@($failed))
    }

    function Copy-ByJob {
        param([object] $Object)
        [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($Object))
    }

    $rendering = $PSStyle.OutputRendering
    $PSStyle.OutputRendering = 'PlainText'
    Use-TestRegistry
    $port = (New-PortLease).Port
    $listener = Start-TestListener -Port $port
    $null = New-Daemon travel -MaxConcurrent 2
    $events = [System.Collections.Generic.List[object]]::new()
    $results = 'bad', 'good' | Start-OperationBatch -Daemon travel -Ordered -Metadata @{ k = 'v' } -OnEvent { $events.Add($_) } -WarningAction SilentlyContinue {
        if ($_ -eq 'bad') { Write-Warning 'first'; Write-Warning 'second'; throw 'no luck' }
        'one'
        'two'
    }
    $lease = New-PortLease -Name web -TimeToLive 1h
    Set-PortPolicy -Exclude 8080, '9000-9100' -Reserve @{ web2 = 8443; api = 8444 }
    $process = Start-TestProcess
    $null = New-PortLease -Name orphan -ProcessId $process.Id
    Stop-TestProcess -Process $process
    $worker, $node, $failed = New-ClusterObject
    Set-Content -LiteralPath "$TestDrive/travel.json" -Value '{"ports": {"dns": {"protocol": "udp"}}}'
    $objects = @{
        'OperationResult'               = $results[0]
        'OperationResult of a hand-off' = (1, 2), @{ a = 1 } | Start-OperationBatch -AsBatch { $_ }
        'PortLease'                     = $lease
        'PortLease with its listener'   = Get-PortLease -Port $port -IncludeListener
        'PortAvailability'              = Test-Port $lease.Port
        'PortListener'                  = Get-PortListener $port
        'StalePort'                     = Remove-StalePort | Select-Object -First 1
        'PortEnvironmentVariable'       = Get-PortEnvironment "$TestDrive/travel.json"
        'PortPolicy'                    = Get-PortPolicy
        'PortRegistryStatus'            = Initialize-PortRegistry
        'Daemon'                        = Get-Daemon travel
        'OperationMetrics'              = Get-DaemonMetrics travel
        'OperationHealth'               = Get-DaemonHealth travel
        'OperationFinding'              = Test-Daemon travel | Where-Object -Property Rule -EQ -Value Failures
        'DaemonTuning'                  = Optimize-Daemon travel -TargetP99 1ms
        'OperationEvent'                = $events | Where-Object -Property Name -EQ -Value 'operation:success'
        'ClusterNode'                   = $node
        'ClusterWorkerState'            = $worker
        'FailedOperationInfo'           = $failed
    }
}

AfterAll {
    $PSStyle.OutputRendering = $rendering
    Remove-Daemon travel
    $listener.Stop()
    Clear-TestRegistry
}

Describe 'Results that travel: <Kind>' -ForEach $Kinds {
    BeforeAll {
        $object = $objects[$Kind]
    }

    It 'is one' {
        @($object).Count | Should -Be 1
        $Needs.Where({ $_ -notin $object.PSObject.Properties.Name }) | Should -BeNullOrEmpty
    }

    It 'has what people need in a cell of CSV and HTML, and no name of a type for a list' {
        $file = Join-Path $TestDrive 'travel.csv'
        $object | Export-Csv -Path $file
        $row = Import-Csv -Path $file
        $row.PSObject.Properties.Where({ $_.Name -ne 'Error' -and $_.Value -match '^System\.|`\d\[|\[\]$|PortMgmt\.|LatencySummary|CacheStatistics|OperationMetrics' }).Name | Should -BeNullOrEmpty
        $Needs.Where({ "$($object.$_)" -and -not $row.$_ }) | Should -BeNullOrEmpty
        $object | ConvertTo-Html -Fragment | Out-String | Should -Not -Match 'System\.\w+\[\]|`\d\['
    }

    It 'has in JSON what it is by name' {
        $json = $object | ConvertTo-Json -Depth 3 -WarningAction SilentlyContinue | ConvertFrom-Json
        if ($Text) {
            $json.$Text | Should -BeExactly $Value
        }
        $Needs.Where({ $_ -notin $json.PSObject.Properties.Name }) | Should -BeNullOrEmpty
    }

    It 'comes from <Way> with names of enumerations, and is shown as here' -ForEach @(
        @{ Way = 'a job'; Copy = { Copy-ByJob $object } }
        @{
            Way  = 'a file'
            Copy = {
                $file = Join-Path $TestDrive 'travel.clixml'
                $object | Export-Clixml -Path $file
                Import-Clixml -Path $file
            }
        }
    ) {
        $far = & $copy
        if ($Text) {
            "$($far.($Text -replace 'Text$'))" | Should -BeExactly $Value
            $far.$Text | Should -BeExactly $Value
        }
        $Needs.Where({ "$($object.$_)" -and -not "$($far.$_)" }) | Should -BeNullOrEmpty
        foreach ($view in { $args[0] | Format-Table }, { $args[0] | Format-List }) {
            & $view $far | Out-String -Width 120 | Should -BeExactly (& $view $object | Out-String -Width 120)
        }
        $far | ConvertTo-Csv | Out-String | Should -Not -Match 'System\.\w+\[\]|`\d\['

        # What scripts put in and out is theirs: a table of theirs is a table in a copy as well.
        $far | Select-Object -ExcludeProperty Input, Output, Error | ConvertTo-Csv | Out-String | Should -Not -Match 'System\.|PortMgmt\.\w+\.'
    }
}

Describe 'Several values in one cell' {
    It 'are the values: <Property>, <Text>' -ForEach @(
        @{ Get = { $results[1] }; Property = 'Output'; Text = 'one, two' }
        @{ Get = { $results[0] }; Property = 'Warning'; Text = 'first; second' }
        @{ Get = { $results[0] }; Property = 'Metadata'; Text = 'k=v' }
        @{ Get = { $objects['OperationResult of a hand-off'] }; Property = 'Input'; Text = '{1, 2}, {a=1}' }
        @{ Get = { Get-PortPolicy }; Property = 'Exclude'; Text = '8080, 9000-9100' }
        @{ Get = { Get-PortPolicy }; Property = 'Reservations'; Text = 'api=8444, web2=8443' }
        @{ Get = { Copy-ByJob (Get-PortPolicy) }; Property = 'Reservations'; Text = 'api=8444, web2=8443' }
        @{ Get = { Copy-ByJob $results[0] }; Property = 'Metadata'; Text = 'k=v' }
        @{ Get = { 1 | Start-OperationBatch -Metadata @{ k = 'v'; n = @{ a = 1, 2 } } { 1 } }; Property = 'Metadata'; Text = 'k=v, n={a={1, 2}}' }
        @{ Get = { Copy-ByJob (1 | Start-OperationBatch -Metadata @{ k = 'v'; n = @{ a = 1, 2 } } { 1 }) }; Property = 'Metadata'; Text = 'k=v, n={a={1, 2}}' }
        @{ Get = { Get-PortLease -Port $port -IncludeListener }; Property = 'Listener'; Text = 'TCP port $port on 127.0.0.1 by process $PID*' }
        @{ Get = { Get-DaemonHealth travel }; Property = 'Cache'; Text = '0 hits, 0 coalesced, 0 misses, 0 evictions, 0 kept' }
        @{ Get = { Get-DaemonMetrics travel }; Property = 'Latency'; Text = 'total: p50 * ms, p95 * ms, p99 * ms, max * ms, mean * ms; queue: p50 *; service: p50 *' }
        @{ Get = { $node }; Property = 'Workers'; Text = 'web: Unhealthy, 0 of 4' }
        @{ Get = { $node }; Property = 'Types'; Text = 'web' }
        @{ Get = { $results[1] }; Property = 'Warning'; Text = '' }
    ) {
        (& $Get | ConvertTo-Csv | ConvertFrom-Csv).$Property | Should -BeLike ($ExecutionContext.InvokeCommand.ExpandString($Text))
    }

    It 'are shown, and taken by .NET, whatever holds them: <Name>' -ForEach @(
        @{ Name = 'array as input'; Of = 'Input'; Get = { , @(1, 2) | Start-OperationBatch { 1 } } }
        @{ Name = 'array as output'; Of = 'Output'; Get = { 1 | Start-OperationBatch { , ([object[]] (1, 2)) } } }
        @{ Name = 'several outputs'; Of = 'Output'; Get = { 1 | Start-OperationBatch { 1; 2 } } }
        @{ Name = 'typed array'; Of = 'Output'; Get = { 1 | Start-OperationBatch { , ([int[]] (1, 2)) } } }
        @{ Name = 'list'; Of = 'Output'; Get = { 1 | Start-OperationBatch { , ([System.Collections.ArrayList] (1, 2)) } } }
        @{ Name = 'hand-off'; Of = 'Input'; Get = { 1, 2 | Start-OperationBatch -AsBatch -BatchSize 2 -MaxConcurrent 1 { $_ } } }
    ) {
        $value = (& $Get).$Of
        [string]::Join('-', $value) | Should -BeExactly ([string]::Join('-', $value.PSObject.BaseObject))
        $value -join '-' | Should -BeExactly '1-2'
        [object]::Equals($value, 3) | Should -BeFalse
        [pscustomobject] @{ Value = $value } | Format-List | Out-String | Should -BeLike '*{1, 2}*'
        ([pscustomobject] @{ Value = $value } | ConvertTo-Csv | ConvertFrom-Csv).Value | Should -BeExactly '1, 2'
    }

    It 'are what they are under the call operator, with a text where .NET asks for one: <Kind>' -ForEach @(
        @{ Kind = 'objects'; Value = [object[]] (1, 'a'); Text = '1, a' }
        @{ Kind = 'numbers'; Value = [int[]] (1, 2); Text = '1, 2' }
        @{ Kind = 'bytes'; Value = [byte[]] (1, 2); Text = '1, 2' }
        @{ Kind = 'two dimensions'; Value = [int[, ]]::new(2, 1); Text = '0, 0' }
        @{ Kind = 'list'; Value = [System.Collections.Generic.List[object]] (1, 2); Text = '1, 2' }
        @{ Kind = 'queue'; Value = [System.Collections.Queue] (1, 2); Text = '1, 2' }
        @{ Kind = 'read-only'; Value = [System.Collections.ObjectModel.ReadOnlyCollection[int]]::new([int[]] (1, 2)); Text = '1, 2' }
        @{ Kind = 'no array'; Value = [System.Collections.Immutable.ImmutableArray]::Create([int[]] (1, 2)); Text = '1, 2' }
        @{ Kind = 'table'; Value = @{ a = 1 }; Text = 'a=1' }
        @{ Kind = 'ordered table'; Value = [ordered] @{ b = 1; a = 1, 2 }; Text = 'b=1, a={1, 2}' }
        @{ Kind = 'nothing'; Value = @(); Text = '' }
        @{ Kind = 'nested'; Value = 1, (2, (3, (4, 5))); Text = '1, {2, {3, …}}' }
    ) {
        $seen = (, $Value | Start-OperationBatch { 1 }).Input

        # The value itself, wherever an object is asked for, and no wrapper.
        [object]::ReferenceEquals($seen, $Value) | Should -BeTrue
        $list = [System.Collections.Generic.List[object]]::new()
        $list.Add($seen)
        [object]::ReferenceEquals($list[0], $Value) | Should -BeTrue
        $seen.GetType() | Should -Be $Value.GetType()
        "$seen" | Should -BeExactly "$Value"
        [string] $seen | Should -BeExactly ([string] $Value)
        $seen -join '+' | Should -BeExactly ($Value -join '+')
        ConvertTo-Json -InputObject $seen -Depth 5 -Compress | Should -BeExactly (ConvertTo-Json -InputObject $Value -Depth 5 -Compress)
        "$(([pscustomobject] @{ Value = $seen } | ConvertTo-Csv | ConvertFrom-Csv).Value)" | Should -BeExactly $Text

        # Nobody else sees what the result's wrapper has.
        ([psobject] $Value).PSObject.Members.Match('ToString', 'CodeMethod') | Should -HaveCount 0
    }

    It 'are what they are, without the text, in an engine without the calls that are not public: <Kind>' -ForEach @(
        @{ Kind = 'numbers'; Value = [int[]] (1, 2) }
        @{ Kind = 'list'; Value = [System.Collections.Generic.List[object]] (1, 2) }
        @{ Kind = 'table'; Value = @{ a = 1 } }
        @{ Kind = 'nothing'; Value = @() }
    ) {
        [System.AppContext]::SetSwitch('PortMgmt.PublicEngineCallsOnly', $true)
        try {
            $result = , $Value | Start-OperationBatch { , $_ }
            $all = [System.Collections.Generic.List[object]]::new()
            $result.ForEach({ $all.Add($_.Input); $all.Add($_.Output) })
            $csv = ($result | Select-Object -Property Input | ConvertTo-Csv | ConvertFrom-Csv).Input
        }
        finally {
            [System.AppContext]::SetSwitch('PortMgmt.PublicEngineCallsOnly', $false)
        }
        "$csv" | Should -BeExactly "$Value"
        $all | Should -HaveCount 2
        foreach ($seen in $all) {
            [object]::ReferenceEquals($seen, $Value) | Should -BeTrue
            "$seen" | Should -BeExactly "$Value"
            ConvertTo-Json -InputObject $seen -Compress | Should -BeExactly (ConvertTo-Json -InputObject $Value -Compress)
        }
        ([psobject] $Value).PSObject.Members.Match('ToString', 'CodeMethod') | Should -HaveCount 0
    }

    It 'keep what was added to them, and the types of another session' {
        $tagged = 1, 2
        Add-Member -InputObject $tagged -NotePropertyName tag -NotePropertyValue 5
        (, $tagged | Start-OperationBatch { 1 }).Input.tag | Should -Be 5
        $far = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((1, 2)))
        (, $far | Start-OperationBatch { 1 }).Input.PSObject.TypeNames[0] | Should -Be 'Deserialized.System.Object[]'
    }

    It 'say what went wrong in an event' {
        $failure = $events | Where-Object -Property Name -EQ -Value 'operation:failure' | ConvertTo-Csv | ConvertFrom-Csv
        $failure.ErrorMessage | Should -BeExactly 'no luck'
        $failure.StatusText | Should -BeExactly 'Failed'
    }

    It 'can be looked into as deeply as people like, errors as well' {
        $failures = [System.Collections.Generic.List[object]]::new()
        $failed = 1 | Start-OperationBatch -OnEvent { $failures.Add($_) } -WarningAction SilentlyContinue { Get-Item -Path /no/such; 1 / 0 }
        ($failed | ConvertTo-Json -Depth 6 -WarningAction SilentlyContinue | ConvertFrom-Json).Error.Count | Should -Be 2
        $failure = $failures | Where-Object -Property Name -EQ -Value 'operation:failure'
        ($failure | ConvertTo-Json -Depth 4 -WarningAction SilentlyContinue | ConvertFrom-Json).ErrorMessage | Should -BeExactly $failed.ErrorMessage
    }

    It 'are still what they were to a script' {
        $output = $results[1].Output
        $output | Should -BeOfType [string]
        , $output | Should -BeOfType [array]
        $output.Count | Should -Be 2
        $output[1] | Should -Be 'two'
        "$output" | Should -Be 'one two'
        $results[0].Warning[1].Message | Should -Be 'second'
        (Get-PortPolicy).Reservations['API'] | Should -Be 8444
    }
}

Describe 'The line of the command line' {
    BeforeAll {
        $schemas = Join-Path $PSScriptRoot '../../docs/schemas'
        $program = Get-ChildItem -Path (Join-Path $PSScriptRoot '../../src/PortMgmt.Cli/bin/*/net10.0/portmgmt.dll') |
            Sort-Object -Property LastWriteTime -Descending | Select-Object -First 1
    }

    It 'is what ToJson gives of a lease, to the letter' -Skip:(-not (Get-Command -Name dotnet -CommandType Application -ErrorAction Ignore)) {
        $listed = & dotnet $program.FullName lease list --port $lease.Port --json
        # The end is reckoned from two clocks, which each process reads one after the other: it may be told a millisecond apart.
        $end = '(?<="expiresAt":")[^"]+'
        $listed | Should -Match $end
        "[$((Get-PortLease -Port $lease.Port).ToJson())]" -replace $end, 'END' | Should -BeExactly ($listed -replace $end, 'END')
        $shown = & dotnet $program.FullName lease list --port $port --listeners --json
        "[$((Get-PortLease -Port $port -IncludeListener).ToJson())]" | Should -BeExactly $shown
        $made = & dotnet $program.FullName lease new --name cli --json
        foreach ($json in $listed, $shown, $made) {
            $json.Trim('[', ']') | Test-Json -SchemaFile "$schemas/lease.schema.json" | Should -BeTrue
        }
        # Of its maker, with the token, as the command line has it.
        ($made.Trim('[', ']') | ConvertFrom-Json).PSObject.Properties.Name | Should -Be ($lease.ToJson() | ConvertFrom-Json).PSObject.Properties.Name
    }

    It 'has the members that ToJson of a result has, and both are as the schema says' -Skip:($IsWindows -or -not (Get-Command -Name dotnet -CommandType Application -ErrorAction Ignore)) {
        $lines = @('3', 'x') | & dotnet $program.FullName batch -- sh -c 'expr {} + 1'
        $own = $results.ToJson() + (1 | Start-OperationBatch -Id { 'an id' } { }).ToJson()
        $lines.Count | Should -Be 2
        foreach ($line in $lines + $own) {
            $line | Test-Json -SchemaFile "$schemas/operation-result.schema.json" | Should -BeTrue -Because $line
            ($line | ConvertFrom-Json).PSObject.Properties.Name | Should -Be ($lines[0] | ConvertFrom-Json).PSObject.Properties.Name
        }
    }

    It 'says <Says>' -ForEach @(
        @{ Says = 'the number of the input where it has no id'; Get = { $results[1] }; Like = '{"id":2,"status":"succeeded","exitCode":null,"output":`["one","two"`],"error":null,"durationMs":*' }
        @{ Says = 'what went wrong'; Get = { $results[0] }; Like = '{"id":1,"status":"failed","exitCode":null,"output":null,"error":"no luck",*,"attempts":1,"cached":false}' }
        @{ Says = 'the id'; Get = { 1 | Start-OperationBatch -Id { 'grün' } { @{ a = 1 } } }; Like = '{"id":"grün","status":"succeeded","exitCode":null,"output":{"a":1},*' }
        @{ Says = 'in words what has no JSON'; Get = { 1 | Start-OperationBatch { [double]::NaN; { 'code' } } }; Like = '*"output":`["NaN"," ''code'' "`],*' }
        @{ Says = 'an exit code'; Get = { 1 | Start-OperationBatch { exit 3 } }; Like = '*"exitCode":3,"output":null,*' }
        @{ Says = 'nothing of what is nested too deep but its text'; Get = { 1 | Start-OperationBatch { $t = @{}; $t.self = $t; $t } }; Like = '*"self":"System.Collections.Hashtable"*' }
    ) {
        (& $Get).ToJson() | Should -BeLike $Like
    }
}
