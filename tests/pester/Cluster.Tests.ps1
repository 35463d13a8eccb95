BeforeAll {
    . (Join-Path $PSScriptRoot 'TestTools.ps1')
}

Describe 'Clusters without a broker' {
    It 'say that the broker cannot be reached, and show no password' {
        $failure = { New-Daemon nobody -Broker 'amqp://guest:s3cret-word@127.0.0.1:1' } | Should -Throw -ErrorId 'BrokerUnreachable,*' -PassThru
        $failure.CategoryInfo.Category | Should -Be 'ConnectionError'
        $failure.Exception.ToString() | Should -Not -Match 's3cret-word'
    }

    It 'say of a daemon without one how to get one' {
        { 1 | Start-OperationBatch -Daemon Default -Type job } | Should -Throw -ErrorId 'NoCluster,*'
        { Start-OperationWorker job { $_ } } | Should -Throw -ErrorId 'NoCluster,*'
        { Start-OperationWorker job } | Should -Throw -ErrorId 'InvalidOption,*' -ExpectedMessage '*Give a script block, such as Start-OperationWorker job {*'
        { 1..2 | Start-OperationBatch } | Should -Throw -ErrorId 'NoCluster,*' -ExpectedMessage 'There is no script block*1..3 | Start-OperationBatch {*'
        { Get-ClusterNode } | Should -Throw -ErrorId 'NoCluster,*'
    }

    It 'name every broker of several that cannot be reached' {
        { New-Daemon nobody -Broker 'amqp://127.0.0.1:1', 'amqp://127.0.0.1:2' } | Should -Throw -ErrorId 'BrokerUnreachable,*' -ExpectedMessage '*127.0.0.1:1*127.0.0.1:2*'
    }

    It 'want a certificate where its key is given, and a broker for it' {
        { New-Daemon nobody -Broker 'amqps://127.0.0.1:1' -ClientKey key.pem } | Should -Throw -ErrorId 'InvalidOption,*' -ExpectedMessage '*certificate*'
        { New-Daemon nobody -ClientCertificate cert.pem } | Should -Throw -ErrorId 'InvalidOption,*' -ExpectedMessage '*-Broker*'
    }

    It 'say which certificate cannot be read, and show no password of it' {
        $password = ConvertTo-SecureString 's3cret-word' -AsPlainText -Force
        $failure = { New-Daemon nobody -Broker 'amqps://127.0.0.1:1' -ClientCertificate (Join-Path $TestDrive 'none.pfx') -ClientKeyPassword $password } |
            Should -Throw -ErrorId 'InvalidOption,*' -PassThru
        $failure.Exception.Message | Should -Match 'none\.pfx'
        $failure.Exception.ToString() | Should -Not -Match 's3cret-word'
    }

    It 'want a broker where credentials are given' {
        { New-Daemon nobody -CaCertificate nothing.pem } | Should -Throw -ErrorId 'InvalidOption,*'
    }
}

Describe 'Clusters with a broker' {
    BeforeAll {
        $broker = Start-TestBroker
        $env:PORTMGMT_BROKER = $broker.Url
        $port = $broker.Url ? ([uri] $broker.Url).Port : 0

        # The connections of this process alone: a worker of another process has its own.
        function Measure-Connection {
            $inodes = [System.IO.File]::ReadAllLines('/proc/self/net/tcp').Where({ $_ -match "^ *\d+: \S+ \S+:$('{0:X4}' -f $port) 01 " }).ForEach({ ($_.Trim() -split '\s+')[9] })
            $own = [System.IO.Directory]::GetFiles('/proc/self/fd').ForEach({ [System.IO.FileInfo]::new($_).LinkTarget })
            @($inodes.Where({ "socket:[$_]" -in $own })).Count
        }

        # Runs a script in a pwsh of its own to its end, with the module in $args[0].
        function Invoke-TestScript {
            param([string] $Script)
            Invoke-TestShell -Command "& { `$ErrorActionPreference = 'Stop'; $Script } '$ManifestPath'"
        }
    }

    BeforeEach {
        if ($broker.Obstacle) {
            Set-ItResult -Skipped -Because $broker.Obstacle
        }
    }

    AfterEach {
        Get-Job | Stop-Job -PassThru | Remove-Job -Force
        Get-Daemon | Where-Object -Property Name -NE -Value 'Default' | Remove-Daemon
    }

    AfterAll {
        $env:PORTMGMT_BROKER = $null
        Stop-TestBroker $broker
    }

    It 'go to the next address where the first does not answer' {
        $null = New-Daemon second -Broker 'amqp://127.0.0.1:1', $broker.Url -ClusterId list
        $worker = Start-OperationWorker double { 2 * $_ } -Daemon second -AsJob
        while (-not (Get-ClusterNode -Daemon second -Type double)) { Start-Sleep -Milliseconds 100 }
        (Get-ClusterNode -Daemon second).Version | Should -Match '^\d+\.\d+\.\d+'
        1..3 | Start-OperationBatch -Daemon second -Type double -Raw -Ordered | Should -Be 2, 4, 6
        $worker | Stop-Job
    }

    It 'run operations on the worker of another process, which has the script' {
        $script = 'Import-Module $args[0]; $null = New-Daemon there -Broker $env:PORTMGMT_BROKER -ClusterId other -NodeId remote; Start-OperationWorker square { $_.N * $_.N } -MaxConcurrent 4'
        $worker = Start-TestShell -Command "& { $script } '$ManifestPath'"
        try {
            $null = New-Daemon here -Broker $broker.Url -ClusterId other -NodeId local
            Wait-Until { Get-ClusterNode -Type square -TimeoutSeconds 0.3 }
            $results = 1..30 | ForEach-Object { [pscustomobject]@{ N = $_ } } | Start-OperationBatch -Daemon here -Type square -Id N
            $results.Status | Should -HaveCount 30
            $results.Status | Sort-Object -Unique | Should -Be 'Succeeded'
            $results.Node | Sort-Object -Unique | Should -Be 'remote'
            ($results | Sort-Object -Property { [int] $_.Id }).Output | Should -Be (1..30 | ForEach-Object { $_ * $_ })

            Wait-Until { $script:node = Get-ClusterNode remote -TimeoutSeconds 0.5 -ErrorAction Ignore; $script:node }
            $node.ProcessId | Should -Be $worker.Id
            $node.Types | Should -Be 'square'
            $node.MaxConcurrent | Should -Be 4
            $node.Condition | Should -Be 'Healthy'
            $node.Processed | Should -Be 30
        }
        finally {
            Stop-TestProcess $worker
        }
    }

    It 'run a type in partitions, as many as its first worker says' {
        $null = New-Daemon here -Broker $broker.Url -ClusterId partitions -NodeId n
        $null = Start-OperationWorker square { $_ * $_ } -Daemon here -Partitions 4 -MaxConcurrent 8 -AsJob
        Wait-Until { Get-ClusterNode -Daemon here -Type square -TimeoutSeconds 0.3 }
        1..40 | Start-OperationBatch -Daemon here -Type square -Raw -Ordered | Should -Be (1..40).ForEach({ $_ * $_ })
        1..3 | Start-OperationBatch -Daemon here -Type square -Partitions 4 -Raw -Ordered | Should -Be 1, 4, 9
        $queue = Get-ClusterQueue square, absent -Daemon here -ErrorVariable failures -ErrorAction SilentlyContinue
        $queue.Type | Should -Be 'square'
        $queue.Partitions | Should -Be 4
        $queue.WaitingByPartition | Should -Be 0, 0, 0, 0
        $failures.FullyQualifiedErrorId | Should -BeLike 'TypeNotFound,*'

        # Another number is refused to both, and nothing of the batch is sent.
        $refused = 1..2 | Start-OperationBatch -Daemon here -Type square -Partitions 3 -ErrorVariable failures -ErrorAction SilentlyContinue -WarningAction Ignore
        $refused.Status | Should -Be 'Failed', 'Failed'
        $refused[0].Error.FullyQualifiedErrorId | Should -BeLike 'BrokerConflict*'
        { Start-OperationWorker square { $_ } -Daemon here -Partitions 5 } | Should -Throw -ErrorId 'BrokerConflict,*' -ExpectedMessage '*has 4 partitions*5 were asked for*'
        (Get-ClusterNode n -Daemon here).Processed | Should -Be 43
    }

    It 'carry data as it is, and no code' {
        $null = New-Daemon here -Broker $broker.Url -ClusterId data -NodeId n
        $null = Start-OperationWorker echo { $_ } -AsJob
        Wait-Until { Get-ClusterNode -Type echo -TimeoutSeconds 0.3 }
        $values = 1, 1099511627776, [bigint]::Pow(10, 30), 1.5, $true, "t$([char] 0xE4)xt `"1`"", '{"not":"json"}'
        $echoes = @($values | Start-OperationBatch -Daemon here -Type echo -Ordered).Output
        $echoes | Should -Be $values
        $echoes.ForEach({ $_.GetType().Name }) | Should -Be 'Int32', 'Int64', 'BigInteger', 'Double', 'Boolean', 'String', 'String'

        $nested = (@{ A = @(1, @{ B = [datetime]::new(2026, 1, 2, 3, 4, 5, [System.DateTimeKind]::Utc) }); Kind = [System.DayOfWeek]::Monday } | Start-OperationBatch -Daemon here -Type echo).Output
        $nested.A[1].B | Should -Be '2026-01-02T03:04:05Z'
        $nested.Kind | Should -Be 'Monday'

        $deep = 0
        foreach ($level in 1..40) { $deep = @{ D = $deep } }
        foreach ($refused in @{ Code = { 1 } }, @{ N = [double]::NaN }, $deep) {
            { $refused | Start-OperationBatch -Daemon here -Type echo -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidOption*'
        }
    }

    It 'take for a failure what -FailOn of the worker says' {
        $null = New-Daemon here -Broker $broker.Url -ClusterId failon -NodeId n
        $block = { if ($_ -eq 'error') { Write-Error -Message e } elseif ($_ -eq 'statement') { [int]::Parse('x') } else { throw 'x' }; 'out' }
        $null = Start-OperationWorker default $block -AsJob
        foreach ($level in 'Error', 'Statement', 'Terminating') { $null = Start-OperationWorker $level $block -FailOn $level -AsJob }
        foreach ($type in 'default', 'Error', 'Statement', 'Terminating') { Wait-Until { Get-ClusterNode -Type $type -TimeoutSeconds 0.3 } }
        foreach ($case in @(
                @{ Type = 'default'; Status = 'Succeeded', 'Failed', 'Failed' }
                @{ Type = 'Error'; Status = 'Failed', 'Failed', 'Failed' }
                @{ Type = 'Statement'; Status = 'Succeeded', 'Failed', 'Failed' }
                @{ Type = 'Terminating'; Status = 'Succeeded', 'Succeeded', 'Failed' })) {
            $results = 'error', 'statement', 'throw' | Start-OperationBatch -Daemon here -Type $case.Type -Ordered -WarningAction Ignore
            $results.Status | Should -Be $case.Status -Because "it is $($case.Type)"
        }
    }

    It 'put out the nodes that are there, and say of each name that nobody answers to' {
        $null = New-Daemon here -Broker $broker.Url -ClusterId names -NodeId present
        $null = Start-OperationWorker job { $_ } -AsJob
        Wait-Until { Get-ClusterNode -Type job -TimeoutSeconds 0.3 }
        $nodes = Get-ClusterNode present, absent, 'nobody*' -TimeoutSeconds 5 -ErrorVariable failures -ErrorAction SilentlyContinue
        $nodes.NodeId | Should -Be 'present'
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'NodeNotFound,*'
        $failures[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $failures[0].TargetObject | Should -Be 'absent'
        Get-ClusterNode present -Type other -TimeoutSeconds 0.5 -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failures[0].Exception.Message | Should -Match "serves 'other'"
    }

    It 'keep what came back too often with its error, and run it again when its worker is mended' {
        $null = New-Daemon here -Broker $broker.Url -ClusterId poison -NodeId victim
        $starts = Join-Path $TestDrive 'starts'
        $null = Start-OperationWorker job { 1 } -AsJob
        Wait-Until { Get-ClusterNode -Type job -TimeoutSeconds 0.3 }
        Get-Job | Stop-Job -PassThru | Remove-Job
        $batch = 'input' | Start-OperationBatch -Daemon here -Type job -BatchId sad -AsJob

        # Five workers that are stopped while they run it: then it is dead.
        foreach ($start in 1..5) {
            $worker = Start-OperationWorker job { [System.IO.File]::AppendAllText($using:starts, 'x'); Start-Sleep -Seconds 300 } -AsJob -DrainSeconds 0
            Wait-Until { (Test-Path -Path $starts) -and (Get-Item -Path $starts).Length -ge $start }
            $worker | Stop-Job -PassThru | Remove-Job -Force
        }
        $result = $batch | Wait-Job -Timeout 60 | Receive-Job -ErrorVariable failures -ErrorAction SilentlyContinue
        "$failures" | Should -BeLike "*1 of 1 operations failed*"
        $result.Status | Should -Be 'Failed'
        $result.Error.FullyQualifiedErrorId | Should -BeLike 'DeliveryLimitReached*'

        $letter = Get-FailedOperation job -BatchId sad
        $letter | Should -HaveCount 1
        $letter.CanReplay | Should -BeTrue
        $letter.NodeId | Should -Be 'victim'
        $letter.Error | Should -Not -BeNullOrEmpty
        Resume-FailedOperation job -WhatIf
        Get-FailedOperation job | Should -HaveCount 1

        $null = Start-OperationWorker job { "mended $_" } -AsJob
        (Resume-FailedOperation job).Output | Should -Be 'mended input'
        Get-FailedOperation job | Should -BeNullOrEmpty
    }

    It 'never show a password' {
        $credential = [pscredential]::new('guest', [System.Net.NetworkCredential]::new('guest', 's3cret-word').SecurePassword)
        $said = & {
            try { New-Daemon wrong -Broker $broker.Url -Credential $credential -Verbose -Debug } catch { $_ | Format-List -Property * -Force; $_.Exception.ToString() }
        } *>&1 | Out-String
        $said | Should -Match 'BrokerAccessDenied'
        $said | Should -Not -Match 's3cret-word'

        # The right one, in the URL and in the credential.
        $right = [pscredential]::new('guest', [System.Net.NetworkCredential]::new('guest', 'guest').SecurePassword)
        $daemons = (New-Daemon one -Broker "amqp://guest:guest@127.0.0.1:$port"), (New-Daemon two -Broker $broker.Url -Credential $right)
        $shown = ($daemons | Format-List -Property * -Force | Out-String -Width 400) + ($daemons | ConvertTo-Json -Depth 4 -WarningAction SilentlyContinue)
        $shown | Should -Not -Match 'guest:guest|Password'
    }

    It 'load the client when a broker is named and not before, beside any other version of it' {
        Invoke-TestScript @'
            $other = [System.Reflection.Emit.PersistedAssemblyBuilder]::new([System.Reflection.AssemblyName]::new('RabbitMQ.Client, Version=6.0.0.0'), [object].Assembly)
            $null = $other.DefineDynamicModule('RabbitMQ.Client').DefineType('RabbitMQ.Client.ConnectionFactory', 'Public').CreateType()
            $image = [System.IO.MemoryStream]::new()
            $other.Save($image)
            $image.Position = 0
            $null = [System.Runtime.Loader.AssemblyLoadContext]::Default.LoadFromStream($image)
            function Show-Client {
                [System.Runtime.Loader.AssemblyLoadContext]::All.ForEach({ $context = $_; $_.Assemblies.Where({ $_.GetName().Name -eq 'RabbitMQ.Client' }).ForEach({ $context.Name + ' ' + $_.GetName().Version.Major }) }) -join ', '
            }
            Import-Module $args[0]
            $null = New-Daemon local
            $null = 1..3 | Start-OperationBatch { $_ } -Daemon local
            Show-Client
            $null = New-Daemon cluster -Broker $env:PORTMGMT_BROKER
            Show-Client
'@ | Should -Be 'Default 6', 'Default 6, PortMgmt.RabbitMq 7'
    }

    It 'free the connection with the daemon' -Skip:(-not $IsLinux) {
        $null = New-Daemon here -Broker $broker.Url -ClusterId free -NodeId n
        Wait-Until { (Measure-Connection) -eq 0 }
        $worker = Start-OperationWorker slow { Start-Sleep -Seconds 300 } -AsJob -DrainSeconds 0
        Wait-Until { Get-ClusterNode -Type slow -TimeoutSeconds 0.3 }
        Wait-Until { (Measure-Connection) -eq 1 }
        $null = New-Daemon there -Broker $broker.Url -ClusterId free -NodeId m
        $batch = 1..3 | Start-OperationBatch -Daemon there -Type slow -AsJob
        Wait-Until { (Measure-Connection) -eq 2 }
        Remove-Daemon there
        Wait-Until { (Measure-Connection) -eq 1 }
        $null = $batch | Wait-Job -Timeout 60
        $batch.State | Should -Not -Be 'Running'
        $worker | Stop-Job
        Wait-Until { (Measure-Connection) -eq 0 }
    }
}
